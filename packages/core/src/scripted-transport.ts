import type { Clock } from './clock.ts';
import { FrameReader } from './connection/frame-reader.ts';
import { apiVersions } from './protocol/apis/api-versions.ts';
import type { Api } from './protocol/api.ts';
import { decodeRequestHeader, encodeResponse, type RequestHeader } from './protocol/frame.ts';
import { Reader } from './protocol/reader.ts';
import type { BrokerAddress, Transport, TransportEvents } from './transport.ts';

/** A clock for core's own tests: time stands still until `advance`, which fires what is due in order. */
export class HandClock implements Clock {
  #now = 0;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return 1_700_000_000_000 + this.#now;
  }

  setTimeout(callback: () => void, ms: number) {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  /**
   * Time has passed while this process did not run: whatever is due fires before anything else can happen. Sockets are read after
   * that, as Node does it.
   */
  jump(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass. What a timer sets off on the event loop has happened when this resolves. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await turn();
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
    await turn();
  }
}

/** Everything that is ready on the event loop has run. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The other end of one connection, in the hand of a test: it sees requests and says what comes back. */
export class ScriptedPeer {
  readonly address: BrokerAddress;
  /** Requests that came and were not answered yet. */
  readonly requests: (RequestHeader & { body: Reader })[] = [];
  /** Whether our side has dropped the connection. */
  dropped = false;
  /** What `write` answers: false is back-pressure. */
  takesMore = true;
  readonly #events: TransportEvents;
  readonly #frames = new FrameReader(1 << 30);

  constructor(address: BrokerAddress, events: TransportEvents) {
    this.address = address;
    this.#events = events;
  }

  write(chunks: readonly Uint8Array[]): void {
    for (const frame of this.#frames.push(Buffer.concat(chunks))) {
      const body = new Reader(frame);
      // The tests send requests of old versions but for ApiVersions, so no other header is flexible.
      this.requests.push({ ...decodeRequestHeader(body, (key) => (key === apiVersions.key ? 3 : Infinity)), body });
    }
  }

  /** Answers the oldest request that waits. */
  answer<Response>(api: Api<never, Response>, response: Response): void {
    const { apiVersion, correlationId } = this.requests.shift()!;
    this.send(Buffer.concat(encodeResponse(api as Api<unknown, Response>, apiVersion, correlationId, response)));
  }

  /** Says that it speaks these versions, in answer to the ApiVersions request that waits. */
  answerApiVersions(...speaks: readonly Api<never, never>[]): void {
    const apiKeys = [apiVersions as Api<never, never>, ...speaks].map(({ key, minVersion, maxVersion }) => ({
      apiKey: key,
      minVersion,
      maxVersion,
    }));
    this.answer(apiVersions as never, { errorCode: 0, apiKeys } as never);
  }

  send(bytes: Buffer): void {
    this.#events.data(bytes);
  }

  drain(): void {
    this.#events.drain();
  }

  close(error?: Error): void {
    this.#events.close(error);
  }
}

/** A transport whose peers a test plays. `refuse` says which addresses nobody listens on. */
export function scriptedTransport(refuse: (address: BrokerAddress) => boolean = () => false) {
  const peers: ScriptedPeer[] = [];
  const transport: Transport = {
    connect(address, events) {
      if (refuse(address)) return Promise.reject(new Error(`${address.host} refuses`));
      const peer = new ScriptedPeer(address, events);
      peers.push(peer);
      return Promise.resolve({
        write(chunks) {
          peer.write(chunks);
          return peer.takesMore;
        },
        destroy: () => void (peer.dropped = true),
      });
    },
  };
  return { transport, peers };
}
