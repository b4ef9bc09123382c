import { type Clock, errorCodes } from '@tskafka/core/protocol';
import type { ApiName } from './api-name.ts';
import type { FailureScope } from './broker/failure-plan.ts';
import type { Call, Interceptor, Interceptors } from './broker/interceptors.ts';
import type { Stoppable } from './stoppable.ts';

/** Which requests a fault is for. What is left out matches all. */
export interface FaultScope {
  readonly broker?: number;
  readonly clientId?: string;
}

export interface TimesScope extends FaultScope {
  /** How many requests. Default 1. */
  readonly times?: number;
}

/** A fault that waits for its requests. */
export interface Fault extends Stoppable {
  /** How often it has struck. A test that ends with 0 has not tested it. */
  readonly fired: number;
}

/** Requests that are held back. */
export interface Hold extends Fault {
  /** How many wait now. */
  readonly waiting: number;
  /** Resolves when a request waits. */
  held(): Promise<void>;
  /** Lets all go on that wait, and holds no more. */
  release(): void;
}

export type ErrorCode = number | keyof typeof errorCodes;

/**
 * The next requests get these errors, one each, and the broker does nothing for them. With a topic or partition only that part of the
 * request fails, and requests without it do not count.
 */
export function fail(interceptors: Interceptors, api: ApiName, codes: readonly ErrorCode[], scope: FaultScope & FailureScope): Fault {
  const left = codes.map((code) => (typeof code === 'number' ? code : errorCodes[code]));
  const fault = new Counter(
    interceptors.add(api, (call) => {
      if (left.length > 0 && concerns(call, scope)) {
        call.failures.add(scope, () => {
          if (left.length > 0) fault.count();
          return left.shift();
        });
      }
      return call.pass();
    }),
  );
  return fault;
}

/** Closes the connection instead of applying the next requests. */
export function dropRequest(interceptors: Interceptors, api: ApiName, scope: TimesScope): Fault {
  return nextTimes(interceptors, api, scope, (call) => call.drop());
}

/** Applies the next requests, and closes the connection instead of answering. */
export function dropResponse(interceptors: Interceptors, api: ApiName, scope: TimesScope): Fault {
  return nextTimes(interceptors, api, scope, async (call) => {
    await call.pass();
    return call.drop();
  });
}

/** Rewrites the frames, lengths included, of the next answers. */
export function rewriteBytes(interceptors: Interceptors, api: ApiName, mutate: (frame: Buffer) => Buffer, scope: TimesScope): Fault {
  return nextTimes(interceptors, api, scope, (call) => {
    call.rewrite(mutate);
    return call.pass();
  });
}

/** Lets the broker take `ms` longer for each answer. */
export function delay(interceptors: Interceptors, clock: Clock, api: ApiName, ms: number, scope: FaultScope): Fault {
  const fault = new Counter(
    interceptors.add(api, async (call: Call) => {
      if (!concerns(call, scope)) return await call.pass();
      fault.count();
      await new Promise<void>((resolve) => clock.setTimeout(resolve, ms, { background: true }));
      return await call.pass();
    }),
  );
  return fault;
}

/** Tells clients to wait `ms`, and takes no further request from their connections meanwhile, as when a quota is exceeded (KIP-219). */
export function throttle(interceptors: Interceptors, ms: number, scope: FaultScope & { readonly api?: ApiName }): Fault {
  const fault = new Counter(
    interceptors.add(scope.api ?? '*', async (call: Call) => {
      const response = await call.pass();
      if (response === undefined || !concerns(call, scope)) return response;
      fault.count();
      call.mute(ms);
      return { ...response, throttleTimeMs: ms };
    }),
  );
  return fault;
}

/** Holds requests back, and with each all that follow it on its connection. */
export function hold(interceptors: Interceptors, api: ApiName, scope: FaultScope & { readonly times?: number }): Hold {
  return new HoldBack(interceptors, api, scope);
}

function nextTimes(interceptors: Interceptors, api: ApiName, { times = 1, ...scope }: TimesScope, act: Interceptor): Fault {
  const fault = new Counter(
    interceptors.add(api, (call: Call) => {
      if (fault.fired >= times || !concerns(call, scope)) return call.pass();
      fault.count();
      return act(call);
    }),
  );
  return fault;
}

function concerns(call: Pick<Call, 'broker' | 'clientId'>, { broker, clientId }: FaultScope): boolean {
  return (broker === undefined || call.broker === broker) && (clientId === undefined || call.clientId === clientId);
}

class Counter implements Fault {
  fired = 0;
  readonly #interception: Stoppable;

  constructor(interception: Stoppable) {
    this.#interception = interception;
  }

  count(): void {
    this.fired++;
  }

  stop(): void {
    this.#interception.stop();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

class HoldBack implements Hold {
  fired = 0;
  readonly #interception: Stoppable;
  #waiting: (() => void)[] = [];
  #onHeld: (() => void)[] = [];

  constructor(interceptors: Interceptors, api: ApiName, { times = Infinity, ...scope }: TimesScope) {
    this.#interception = interceptors.add(api, async (call: Call) => {
      if (this.fired < times && concerns(call, scope)) await this.#wait();
      return await call.pass();
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  held(): Promise<void> {
    if (this.#waiting.length > 0) return Promise.resolve();
    return new Promise((resolve) => this.#onHeld.push(resolve));
  }

  release(): void {
    this.#interception.stop();
    for (const go of this.#waiting.splice(0)) go();
  }

  stop(): void {
    this.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #wait(): Promise<void> {
    this.fired++;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      for (const tell of this.#onHeld.splice(0)) tell();
    });
  }
}
