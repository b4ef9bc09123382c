import type { Clock } from '../clock.ts';
import { channels, publish } from '../diagnostics.ts';
import { AuthenticationError, KafkaError, ProtocolError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import type { Api, Decoded } from '../protocol/api.ts';
import { decodeResponse, encodeRequest } from '../protocol/frame.ts';
import { Reader } from '../protocol/reader.ts';
import { raceWithSignal } from '../signal.ts';
import { type BrokerAddress, formatAddress, type Transport, type TransportStream } from '../transport.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { ApiVersions, type VersionBounds } from './api-versions.ts';
import { FrameReader } from './frame-reader.ts';
import { peerHint } from './peer-hint.ts';
import { type Pending, Pipeline } from './pipeline.ts';

/** Until the peer has proved to be a Kafka broker that lets us in, its answers are short. */
const maxFrameBytesBeforeReady = 1024 * 1024;

export interface ConnectionOptions {
  readonly address: BrokerAddress;
  /** Who the peer is, for messages: `broker 2 at kafka-2:9092`. */
  readonly name: string;
  readonly clientId: string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** When a request is out and no answer comes for so long, the connection is closed. */
  readonly requestTimeoutMs: number;
  /** Requests that may wait for their answer at once; further ones wait for a place. */
  readonly maxInFlight: number;
  readonly maxFrameBytes: number;
  /** The first correlation id; tests start near its wrap. */
  readonly firstCorrelationId?: number;
}

export interface RequestOptions extends VersionBounds {
  /** For requests that the broker holds for a while: added to requestTimeoutMs. */
  readonly heldMs?: number;
  /** Stops waiting. A request that is already out stays in its place, and its answer is dropped. */
  readonly signal?: AbortSignal | undefined;
  /** For Produce with acks=0: there is no answer; resolves when the bytes are handed to the transport. */
  readonly noResponse?: boolean;
  /** For authentication: goes out while ordinary requests wait. */
  readonly urgent?: boolean;
  /** Where the answer is put, if it is long: its memory is the caller's to give back. */
  readonly memory?: AnswerMemory | undefined;
}

/**
 * One socket to one broker: requests go out in order, pipelined, and their answers come back in the same order.
 *
 * It ends at the first thing that is not right (a wrong correlation id, bytes that cannot be read, a request without an answer in
 * time): after that nobody knows which answer belongs to which request, so everything in flight fails.
 */
export class Connection {
  readonly address: BrokerAddress;
  readonly name: string;
  /** What the broker speaks; set by the handshake. */
  versions = new ApiVersions(new Map());
  readonly #options: ConnectionOptions;
  readonly #frames: FrameReader;
  readonly #pipeline: Pipeline;
  readonly #ending = new AbortController();
  #stream: TransportStream | undefined;
  #error: Error | undefined;
  #correlationId: number;
  #firstBytes = true;
  #answers = 0;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.address = options.address;
    this.name = options.name;
    this.#correlationId = options.firstCorrelationId ?? 0;
    this.#frames = new FrameReader(
      maxFrameBytesBeforeReady,
      (length) => this.#pipeline.awaited?.memory?.take(length) ?? Buffer.allocUnsafe(length),
    );
    this.#pipeline = new Pipeline({
      clock: options.clock,
      requestTimeoutMs: options.requestTimeoutMs,
      maxInFlight: options.maxInFlight,
      write: (chunks) => this.#stream!.write(chunks),
      expired: (oldest, waitedMs) => this.#expired(oldest, waitedMs),
    });
  }

  /** Opens the stream. The connection speaks only after the handshake (handshake.ts). */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
    const connection = new Connection(options);
    const events = {
      data: (chunk: Buffer) => connection.#receive(chunk),
      room: () => connection.#frames.room(),
      drain: () => connection.#pipeline.drained(),
      close: (error?: Error) => connection.#fail(connection.#isRefusal(error) ? error : connection.#disconnected(error)),
    };
    const opening = (async () => options.transport.connect(options.address, events, signal))();
    try {
      // A transport of the user's own may not heed the signal, and may throw anything: not to reach a broker can always be mended.
      connection.#stream = await raceWithSignal(opening, signal);
    } catch (error) {
      opening.then((late) => late.destroy()).catch(() => {});
      if (error instanceof KafkaError || signal.aborted) throw error;
      const message = `${options.name} cannot be reached: ${(error as Error).message}`;
      throw new SocketDisconnectedError(message, { cause: error, retriable: true });
    }
    // The stream may have ended between its opening and this line.
    if (connection.#error !== undefined) connection.#stream.destroy();
    connection.throwIfClosed();
    publish(channels.connectionOpen, () => ({ broker: options.name, address: formatAddress(options.address) }));
    return connection;
  }

  get closed(): boolean {
    return this.#error !== undefined;
  }

  /** Aborted, with the reason, when the connection is gone: for what belongs to it and must end with it. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  throwIfClosed(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  /** Requests that wait for an answer or for their turn. */
  get load(): number {
    return this.#pipeline.load;
  }

  /** Milliseconds since the last request went out or the last answer came. */
  get idleMs(): number {
    return this.#pipeline.idleMs;
  }

  /** Sends a request in the highest version that both sides speak. */
  send<Request, Response>(api: Api<Request, Response>, request: Request, options: RequestOptions = {}): Promise<Decoded<Response>> {
    let version: number;
    try {
      version = this.versions.pick(api, options);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return this.sendVersion(api, version, request, options);
  }

  /** Sends a request in this version, whatever the broker said that it speaks. */
  sendVersion<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
    options: RequestOptions = {},
  ): Promise<Decoded<Response>> {
    return new Promise<Decoded<Response>>((resolve, reject) => {
      if (this.#error !== undefined) return reject(this.#error);
      if (options.signal?.aborted) return reject(options.signal.reason as Error);
      const correlationId = this.#correlationId;
      this.#correlationId = correlationId === 0x7fffffff ? 0 : correlationId + 1;
      const pending = {
        api: api as Api<unknown, unknown>,
        version,
        correlationId,
        chunks: encodeRequest(api, version, correlationId, this.#options.clientId, request),
        heldMs: options.heldMs ?? 0,
        noResponse: options.noResponse ?? false,
        urgent: options.urgent ?? false,
        memory: options.memory,
        resolve: resolve as (response: unknown) => void,
        reject,
      };
      this.#pipeline.add(pending, options.signal);
    });
  }

  /** The peer is a broker that lets us in: its answers may be as long as the options say. */
  acceptLongFrames(): void {
    this.#frames.maxFrameBytes = this.#options.maxFrameBytes;
  }

  /** Holds ordinary requests back, while an authentication is renewed. Resolves when those that are out have been answered. */
  pause(): Promise<void> {
    return this.#pipeline.pause();
  }

  resume(): void {
    this.#pipeline.resume();
  }

  /** Drops the connection; what waits for an answer rejects. */
  close(error: Error = this.#disconnected()): void {
    this.#fail(error);
  }

  #receive(chunk: Buffer): void {
    if (this.#error !== undefined) return;
    try {
      if (this.#firstBytes) {
        this.#firstBytes = false;
        const hint = peerHint(chunk);
        if (hint !== undefined) throw new ProtocolError(`${this.name} does not speak Kafka: ${hint}`);
      }
      for (const frame of this.#frames.push(chunk)) this.#answer(frame);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #answer(frame: Buffer): void {
    const r = new Reader(frame);
    const correlationId = r.int32();
    const pending = this.#pipeline.awaited;
    if (pending === undefined || pending.correlationId !== correlationId) {
      const expected = pending === undefined ? 'none was expected' : `${pending.correlationId} was expected`;
      throw new ProtocolError(`${this.name} answered with correlation id ${correlationId}, and ${expected}`);
    }
    let response: unknown;
    try {
      response = decodeResponse(pending.api, pending.version, r);
    } catch (error) {
      throw new ProtocolError(`${this.name}: the answer to ${pending.api.name} version ${pending.version} cannot be read`, {
        cause: error,
      });
    }
    this.#answers++;
    const throttleMs = (response as { throttleTimeMs?: number }).throttleTimeMs ?? 0;
    if (throttleMs > 0) publish(channels.throttle, () => ({ broker: this.name, throttleMs }));
    this.#pipeline.answered(response, throttleMs);
  }

  #expired(oldest: Pending | undefined, waitedMs: number): void {
    const what = oldest === undefined ? 'took no bytes' : `did not answer ${oldest.api.name}`;
    this.#fail(new TimeoutError(`${this.name} ${what} within ${waitedMs} ms`, { retriable: true }));
  }

  /** With TLS 1.3 a broker refuses our certificate after the handshake: it looks like a connection that opened, and then broke. */
  #isRefusal(error: Error | undefined): error is AuthenticationError {
    return error instanceof AuthenticationError && this.#answers === 0;
  }

  #disconnected(cause?: Error): SocketDisconnectedError {
    const inFlight = this.#pipeline.inFlight.join(', ');
    const lost = inFlight === '' ? 'nothing was in flight' : `in flight: ${inFlight}${this.#silenceHint()}`;
    const why = cause === undefined ? '' : ` (${cause.message})`;
    return new SocketDisconnectedError(`${this.name} is disconnected${why}; ${lost}`, { cause, retriable: true });
  }

  /** A broker that wants something else of us hangs up without a word: before its first answer, after that to ApiVersions, or at the login. */
  #silenceHint(): string {
    if (this.#pipeline.awaited!.api.name.startsWith('Sasl')) return ' (it hung up during the login: are user and password right?)';
    if (this.#answers === 0) return ' (it hung up before it said anything: is this a TLS port? then set ssl)';
    return this.#answers === 1 ? ' (it hung up at the first request: does it want a login? then set sasl)' : '';
  }

  #fail(error: Error): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#stream?.destroy();
    this.#pipeline.end(error);
    this.#ending.abort(error);
    const isOpen = this.#stream !== undefined;
    if (isOpen)
      publish(channels.connectionClose, () => ({ broker: this.name, address: formatAddress(this.address), reason: error.message }));
  }
}
