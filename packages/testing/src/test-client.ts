import {
  type Api,
  type BrokerAddress,
  type Decoded,
  decodeResponse,
  encodeRequest,
  Reader,
  type Transport,
  type TransportStream,
} from '@tskafka/core/protocol';
import { FrameAssembler } from './broker/frame-assembler.ts';
import type { MockCluster } from './mock-cluster.ts';

/** A client for the mock's own tests: it sends one request and gives the answer, and knows nothing of Kafka beyond the bytes. */
export class TestClient {
  readonly clientId: string | null;
  #stream!: TransportStream;
  readonly #frames = new FrameAssembler(2 ** 31 - 1);
  readonly #waiting = new Map<number, { resolve: (frame: Buffer) => void; reject: (error: Error) => void }>();
  #lastCorrelationId = 0;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<Error | undefined>;
  #isClosed!: (error: Error | undefined) => void;

  static async connect(transport: Transport, address: string, clientId: string | null = 'test'): Promise<TestClient> {
    const client = new TestClient(clientId);
    client.#stream = await transport.connect(
      parse(address),
      { data: (chunk) => client.#data(chunk), drain: () => {}, close: (error) => client.#close(error) },
      new AbortController().signal,
    );
    return client;
  }

  private constructor(clientId: string | null) {
    this.clientId = clientId;
    this.closed = new Promise((resolve) => (this.#isClosed = resolve));
  }

  /** Sends a request, and gives its answer; rejects when the connection closes first. */
  async send<Request, Response>(api: Api<Request, Response>, version: number, request: Request): Promise<Decoded<Response>> {
    const frame = await new Promise<Buffer>((resolve, reject) => {
      this.#waiting.set(this.post(api, version, request), { resolve, reject });
    });
    const r = new Reader(frame);
    r.int32();
    return decodeResponse(api, version, r);
  }

  /** Sends a request that has no answer. */
  post<Request, Response>(api: Api<Request, Response>, version: number, request: Request): number {
    const correlationId = ++this.#lastCorrelationId;
    this.#stream.write(encodeRequest(api, version, correlationId, this.clientId, request));
    return correlationId;
  }

  /** Sends a request as bytes, and gives the frame that answers it. */
  raw(bytes: Buffer, correlationId: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(correlationId, { resolve, reject });
      this.#stream.write([bytes]);
    });
  }

  /** Sends bytes as they are, and expects nothing for them. */
  postBytes(bytes: Buffer): void {
    this.#stream.write([bytes]);
  }

  close(): void {
    this.#stream.destroy();
  }

  #data(chunk: Buffer): void {
    for (const frame of this.#frames.push(chunk)) {
      if (frame.length < 4) continue; // a bare SASL token
      const correlationId = frame.readInt32BE(0);
      this.#waiting.get(correlationId)?.resolve(frame);
      this.#waiting.delete(correlationId);
    }
  }

  #close(error?: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error ?? new Error('the connection was closed'));
    this.#waiting.clear();
    this.#isClosed(error);
  }
}

/** A client of one of the cluster's brokers, without a port. */
export function connect(cluster: MockCluster, broker = cluster.brokerIds[0]!, clientId?: string | null): Promise<TestClient> {
  return TestClient.connect(cluster.transport, `mock-${broker}:9092`, clientId);
}

function parse(address: string): BrokerAddress {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}
