import type { Clock, Timer } from '../clock.ts';
import { channels, publish } from '../diagnostics.ts';
import { AuthenticationError, KafkaError, ProtocolError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import type { Api, Decoded } from '../protocol/api.ts';
import { decodeResponse, encodeRequest } from '../protocol/frame.ts';
import { Reader } from '../protocol/reader.ts';
import { type BrokerAddress, formatAddress, type Transport, type TransportStream } from '../transport.ts';
import { ApiVersions, type VersionBounds } from './api-versions.ts';
import { FrameReader } from './frame-reader.ts';
import { peerHint } from './peer-hint.ts';

/** Until the peer has proved to be a Kafka broker that lets us in, its answers are short. */
const maxFrameBytesBeforeReady = 1024 * 1024;

export interface ConnectionOptions {
  readonly address: BrokerAddress;
  /** Who the peer is, for messages: `broker 2 at kafka-2:9092`. */
  readonly name: string;
  readonly clientId: string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** A request without an answer for so long closes the connection. */
  readonly requestTimeoutMs: number;
  /** Requests that may wait for their answer at once; further ones wait for a place. */
  readonly maxInFlight: number;
  readonly maxFrameBytes: number;
  /** Called once, when the connection is gone. */
  readonly onClose?: (error: Error) => void;
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
}

interface Pending {
  readonly api: Api<unknown, unknown>;
  readonly version: number;
  readonly correlationId: number;
  readonly chunks: Buffer[];
  readonly heldMs: number;
  readonly noResponse: boolean;
  readonly urgent: boolean;
  deadline: number;
  resolve(response: unknown): void;
  reject(error: unknown): void;
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
  readonly #frames = new FrameReader(maxFrameBytesBeforeReady);
  readonly #queue: Pending[] = [];
  readonly #inFlight: Pending[] = [];
  #stream: TransportStream | undefined;
  #error: Error | undefined;
  #correlationId: number;
  #choked = false;
  #paused = false;
  #mutedUntil = 0;
  #timer: Timer | undefined;
  #timerAt = Infinity;
  #firstBytes = true;
  #answers = 0;
  #lastUsed: number;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.address = options.address;
    this.name = options.name;
    this.#correlationId = options.firstCorrelationId ?? 0;
    this.#lastUsed = options.clock.now();
  }

  /** Opens the stream. The connection speaks only after the handshake (handshake.ts). */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
    const connection = new Connection(options);
    const events = {
      data: (chunk: Buffer) => connection.#receive(chunk),
      drain: () => connection.#drained(),
      close: (error?: Error) => connection.#fail(connection.#isRefusal(error) ? error : connection.#disconnected(error)),
    };
    try {
      connection.#stream = await options.transport.connect(options.address, events, signal);
    } catch (error) {
      // A transport of the user's own may throw anything: not to reach a broker can always be mended.
      if (error instanceof KafkaError || signal.aborted) throw error;
      throw new SocketDisconnectedError(`${options.name} cannot be reached: ${(error as Error).message}`, {
        cause: error,
        retriable: true,
      });
    }
    // The stream may have ended between its opening and this line.
    if (connection.#error !== undefined) throw connection.#error;
    publish(channels.connectionOpen, () => ({ broker: options.name, address: formatAddress(options.address) }));
    return connection;
  }

  get closed(): boolean {
    return this.#error !== undefined;
  }

  /** Requests that wait for an answer or for their turn. */
  get load(): number {
    return this.#inFlight.length + this.#queue.length;
  }

  /** Milliseconds since the last request went out or the last answer came. */
  get idleMs(): number {
    return this.load > 0 ? 0 : this.#options.clock.now() - this.#lastUsed;
  }

  /** Sends a request in the highest version that both sides speak. */
  send<Request, Response>(api: Api<Request, Response>, request: Request, options: RequestOptions = {}): Promise<Decoded<Response>> {
    let version: number;
    try {
      version = this.versions.pick(api as Api<never, unknown>, options);
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
      const pending: Pending = {
        api: api as Api<unknown, unknown>,
        version,
        correlationId,
        chunks: encodeRequest(api, version, correlationId, this.#options.clientId, request),
        heldMs: options.heldMs ?? 0,
        noResponse: options.noResponse ?? false,
        urgent: options.urgent ?? false,
        deadline: this.#options.clock.now() + this.#options.requestTimeoutMs + (options.heldMs ?? 0),
        resolve: resolve as (response: unknown) => void,
        reject,
      };
      if (options.signal) this.#rejectOnAbort(pending, options.signal);
      this.#queue.push(pending);
      this.#write();
      this.#watch(pending.deadline);
    });
  }

  /** The peer is a broker that lets us in: its answers may be as long as the options say. */
  acceptLongFrames(): void {
    this.#frames.maxFrameBytes = this.#options.maxFrameBytes;
  }

  /** Holds ordinary requests back, while an authentication is renewed. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#write();
  }

  /** Drops the connection; what waits for an answer rejects. */
  close(error: Error = this.#disconnected()): void {
    this.#fail(error);
  }

  #rejectOnAbort(pending: Pending, signal: AbortSignal): void {
    const abort = (): void => {
      const at = this.#queue.indexOf(pending);
      if (at !== -1) this.#queue.splice(at, 1);
      pending.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    const { resolve, reject } = pending;
    pending.resolve = (response) => {
      signal.removeEventListener('abort', abort);
      resolve(response);
    };
    pending.reject = (error) => {
      signal.removeEventListener('abort', abort);
      reject(error);
    };
  }

  #write(): void {
    const now = this.#options.clock.now();
    while (this.#queue.length > 0 && !this.#choked && this.#error === undefined) {
      const next = this.#paused || now < this.#mutedUntil ? this.#queue.findIndex((pending) => pending.urgent) : 0;
      if (next === -1 || (this.#inFlight.length >= this.#options.maxInFlight && !this.#queue[next]!.urgent)) return;
      const pending = this.#queue.splice(next, 1)[0]!;
      this.#lastUsed = now;
      if (!pending.noResponse) this.#inFlight.push(pending);
      this.#choked = !this.#stream!.write(pending.chunks);
      if (pending.noResponse) pending.resolve(undefined);
    }
  }

  #drained(): void {
    this.#choked = false;
    this.#write();
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
    const pending = this.#inFlight[0];
    if (pending === undefined || pending.correlationId !== correlationId) {
      const expected = pending === undefined ? 'none was awaited' : `${pending.correlationId} was awaited`;
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
    this.#inFlight.shift();
    this.#answers++;
    this.#lastUsed = this.#options.clock.now();
    this.#throttle(response);
    pending.resolve(response);
    this.#write();
  }

  /** The broker asks for a pause (KIP-219): what waits goes out after it, and no deadline runs meanwhile. */
  #throttle(response: unknown): void {
    const throttleMs = (response as { throttleTimeMs?: number }).throttleTimeMs ?? 0;
    if (throttleMs <= 0) return;
    publish(channels.throttle, () => ({ broker: this.name, throttleMs }));
    this.#mutedUntil = Math.max(this.#mutedUntil, this.#options.clock.now() + throttleMs);
    for (const pending of this.#inFlight) pending.deadline += throttleMs;
    for (const pending of this.#queue) pending.deadline += throttleMs;
    this.#options.clock.setTimeout(() => this.#write(), throttleMs, { background: true });
  }

  /** One timer looks after the earliest deadline. */
  #watch(deadline: number): void {
    if (deadline >= this.#timerAt || this.#error !== undefined) return;
    this.#timer?.cancel();
    this.#timerAt = deadline;
    // After a blocked event loop timers run before the sockets are read: the answer may be here already, so read first.
    this.#timer = this.#options.clock.setTimeout(() => setImmediate(() => this.#expire()), deadline - this.#options.clock.now());
  }

  #expire(): void {
    this.#timerAt = Infinity;
    const now = this.#options.clock.now();
    const waiting = [...this.#inFlight, ...this.#queue];
    const late = waiting.find((pending) => pending.deadline <= now);
    if (late === undefined) return this.#watch(Math.min(...waiting.map((pending) => pending.deadline)));
    const waited = this.#options.requestTimeoutMs + late.heldMs;
    this.#fail(new TimeoutError(`${this.name} did not answer ${late.api.name} within ${waited} ms`, { retriable: true }));
  }

  /** With TLS 1.3 a broker refuses our certificate after the handshake: it looks like a connection that opened, and then broke. */
  #isRefusal(error: Error | undefined): error is AuthenticationError {
    return error instanceof AuthenticationError && this.#answers === 0;
  }

  #disconnected(cause?: Error): SocketDisconnectedError {
    const inFlight = [...new Set(this.#inFlight.map((pending) => pending.api.name))].join(', ');
    const lost = inFlight === '' ? 'nothing was in flight' : `in flight: ${inFlight}${this.#silenceHint()}`;
    const why = cause === undefined ? '' : ` (${cause.message})`;
    return new SocketDisconnectedError(`${this.name} is disconnected${why}; ${lost}`, { cause, retriable: true });
  }

  /** A broker that wants something else of us hangs up without a word: before its first answer, or after that to ApiVersions. */
  #silenceHint(): string {
    if (this.#answers === 0) return ' (it hung up before it said anything: a TLS port, perhaps? then set ssl)';
    return this.#answers === 1 ? ' (it hung up at the first request: does it want a login? then set sasl)' : '';
  }

  #fail(error: Error): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#timer?.cancel();
    this.#stream?.destroy();
    for (const pending of [...this.#inFlight.splice(0), ...this.#queue.splice(0)]) pending.reject(error);
    publish(channels.connectionClose, () => ({ broker: this.name, address: formatAddress(this.address), reason: error.message }));
    this.#options.onClose?.(error);
  }
}
