import { decodeResponse, encodeRequest, Reader } from '@tskafka/core/protocol';
import type { Api, BrokerAddress, Decoded, Transport, TransportStream } from '@tskafka/core/protocol';

type Answer = (frame: Reader) => void;

/** One connection on which a test says every request itself: no retry, no version choice, no metadata. */
export class Wire {
  /** Resolves when the broker ends the connection. */
  readonly closed: Promise<void>;
  #stream: TransportStream | undefined;
  #received: Buffer = Buffer.alloc(0);
  #correlationId = 0;
  readonly #waiting = new Map<number, { answer: Answer; fail: (error: Error) => void }>();
  #isClosed = false;
  #markClosed: () => void = () => {};

  static async connect(transport: Transport, address: BrokerAddress): Promise<Wire> {
    const wire = new Wire();
    const events = { data: (chunk: Buffer) => wire.#data(chunk), drain: () => {}, close: () => wire.#ended() };
    wire.#stream = await transport.connect(address, events, new AbortController().signal);
    return wire;
  }

  private constructor() {
    this.closed = new Promise((resolve) => (this.#markClosed = resolve));
  }

  /** Sends a request in this version and resolves with the answer, its error codes included. */
  send<Request, Response>(api: Api<Request, Response>, version: number, request: Request): Promise<Decoded<Response>> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(endedByBroker());
      const id = ++this.#correlationId;
      const answer = (frame: Reader): void => {
        try {
          resolve(decodeResponse(api, version, frame));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#waiting.set(id, { answer, fail: reject });
      this.#stream!.write(encodeRequest(api, version, id, 'conformance', request));
    });
  }

  /** Sends a request that has no answer (Produce with acks 0). */
  sendOnly<Request, Response>(api: Api<Request, Response>, version: number, request: Request): void {
    this.#stream!.write(encodeRequest(api, version, ++this.#correlationId, 'conformance', request));
  }

  /** Sends bytes as they are, and resolves with the next frame whose correlation id is `id`. */
  sendBytes(id: number, bytes: Uint8Array): Promise<Reader> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(endedByBroker());
      this.#waiting.set(id, { answer: resolve, fail: reject });
      this.#stream!.write([bytes]);
    });
  }

  close(): void {
    this.#stream?.destroy();
  }

  #data(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0);
      if (this.#received.length < end) return;
      const frame = new Reader(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
      const id = frame.int32();
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) throw new Error(`an answer to ${id}, which was not asked or was answered already`);
      this.#waiting.delete(id);
      waiting.answer(frame);
    }
  }

  #ended(): void {
    this.#isClosed = true;
    for (const { fail } of this.#waiting.values()) fail(endedByBroker());
    this.#waiting.clear();
    this.#markClosed();
  }
}

const endedByBroker = (): Error => new Error('the broker ended the connection');
