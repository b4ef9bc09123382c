import { type Clock, type errorCodes, errorName } from '@tskafka/core/protocol';
import type { ApiName } from './api-name.ts';
import type { FailureScope } from './broker/failure-plan.ts';
import type { Call, Interceptor, Interceptors } from './broker/interceptors.ts';
import { checkApi, checkBroker, checkErrors, checkNames, checkNumber } from './checks.ts';
import type { Stoppable } from './stoppable.ts';
import type { Activity } from './waiting/activity.ts';
import type { Wait, WaitOptions } from './waiting/wait-until.ts';

/** Which requests a fault applies to. Default: all. */
export interface FaultScope {
  readonly broker?: number;
  readonly clientId?: string;
}

export interface TimesScope extends FaultScope {
  /** The number of requests. Default 1. */
  readonly times?: number;
}

/** A fault, waiting for its requests. */
export interface Fault extends Stoppable {
  /** A description for humans: `fail Produce with NOT_LEADER_OR_FOLLOWER`. */
  readonly description: string;
  /** How often it has happened. If a test ends with 0, it has not tested the fault. */
  readonly fired: number;
}

/** Requests that are held back. */
export interface Hold extends Fault {
  /** The number of requests that are waiting now. */
  readonly waiting: number;
  /** Resolves when a request is waiting. After `timeoutMs` it rejects with an Error that lists the requests that came instead. */
  held(options?: WaitOptions): Promise<void>;
  /** Releases all waiting requests, and holds no more. */
  release(): void;
}

export type ErrorCode = number | keyof typeof errorCodes;

/** The faults that a test has ordered of a cluster. All are interceptors. */
export class Faults {
  readonly #interceptors: Interceptors;
  readonly #clock: Clock;
  readonly #activity: Activity;
  readonly #wait: Wait;
  readonly #brokers: ReadonlyMap<number, unknown>;
  readonly #ordered: Counter[] = [];

  constructor(interceptors: Interceptors, brokers: ReadonlyMap<number, unknown>, clock: Clock, activity: Activity, wait: Wait) {
    this.#interceptors = interceptors;
    this.#brokers = brokers;
    this.#clock = clock;
    this.#activity = activity;
    this.#wait = wait;
  }

  /** All that were ordered, in their order. */
  get ordered(): readonly Fault[] {
    return this.#ordered;
  }

  fail(api: ApiName, codes: readonly ErrorCode[], scope: FaultScope & FailureScope): Fault {
    this.#check(api, scope, ['broker', 'clientId', 'topic', 'partition']);
    const left = checkErrors(codes);
    const fault = this.#order(`fail ${api} with ${left.map(errorName).join(', ')}`, api, (call) => {
      if (left.length > 0 && concerns(call, scope)) {
        call.failures.add(scope, () => {
          if (left.length > 0) fault.count();
          return left.shift();
        });
      }
      return call.pass();
    });
    return fault;
  }

  dropRequest(api: ApiName, scope: TimesScope): Fault {
    return this.#nextTimes(`drop the request ${api}`, api, scope, (call) => call.drop());
  }

  dropResponse(api: ApiName, scope: TimesScope): Fault {
    return this.#nextTimes(`drop the answer to ${api}`, api, scope, async (call) => {
      await call.pass();
      return call.drop();
    });
  }

  rewriteBytes(api: ApiName, mutate: (frame: Buffer) => Buffer, scope: TimesScope): Fault {
    return this.#nextTimes(`rewrite the answer to ${api}`, api, scope, (call) => {
      call.rewrite(mutate);
      return call.pass();
    });
  }

  delay(api: ApiName, ms: number, scope: FaultScope): Fault {
    this.#check(api, scope, ['broker', 'clientId']);
    checkNumber('a delay in milliseconds', ms);
    const fault = this.#order(`delay ${api} by ${ms} ms`, api, async (call) => {
      if (!concerns(call, scope)) return await call.pass();
      fault.count();
      await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, ms, { background: true }));
      return await call.pass();
    });
    return fault;
  }

  throttle(ms: number, { api = '*', ...scope }: FaultScope & { readonly api?: ApiName | '*' }): Fault {
    this.#check(api, scope, ['broker', 'clientId']);
    checkNumber('a throttle time in milliseconds', ms);
    const fault = this.#order(`throttle ${api === '*' ? 'all requests' : api} for ${ms} ms`, api, async (call) => {
      const response = await call.pass();
      if (response === undefined || !concerns(call, scope)) return response;
      fault.count();
      call.mute(ms);
      return { ...response, throttleTimeMs: ms };
    });
    return fault;
  }

  hold(api: ApiName, { times = Infinity, ...scope }: TimesScope): Hold {
    this.#check(api, scope, ['broker', 'clientId'], times);
    const hold = new HoldBack(`hold ${api}`, this.#activity, this.#wait);
    hold.intercepts(
      this.#interceptors.add(api, async (call: Call) => {
        if (hold.fired < times && concerns(call, scope)) await hold.hold();
        return await call.pass();
      }),
    );
    this.#ordered.push(hold);
    return hold;
  }

  #nextTimes(description: string, api: ApiName, { times = 1, ...scope }: TimesScope, act: Interceptor): Fault {
    this.#check(api, scope, ['broker', 'clientId'], times);
    const fault = this.#order(description, api, (call) => {
      if (fault.fired >= times || !concerns(call, scope)) return call.pass();
      fault.count();
      return act(call);
    });
    return fault;
  }

  #check(api: ApiName | '*', scope: FaultScope, known: readonly string[], times = 1): void {
    if (api !== '*') checkApi(api);
    checkNames('the scope of this fault', scope, known);
    checkNumber('the number of times a fault strikes', times, 1);
    if (scope.broker !== undefined) checkBroker(scope.broker, this.#brokers);
  }

  #order(description: string, api: ApiName | '*', interceptor: Interceptor): Counter {
    const fault = new Counter(description);
    fault.intercepts(this.#interceptors.add(api, interceptor));
    this.#ordered.push(fault);
    return fault;
  }
}

function concerns(call: Pick<Call, 'broker' | 'clientId'>, { broker, clientId }: FaultScope): boolean {
  return (broker === undefined || call.broker === broker) && (clientId === undefined || call.clientId === clientId);
}

class Counter implements Fault {
  readonly description: string;
  fired = 0;
  #interception: Stoppable | undefined;

  constructor(description: string) {
    this.description = description;
  }

  intercepts(interception: Stoppable): void {
    this.#interception = interception;
  }

  count(): void {
    this.fired++;
  }

  stop(): void {
    this.#interception?.stop();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

class HoldBack extends Counter implements Hold {
  readonly #activity: Activity;
  readonly #wait: Wait;
  #waiting: (() => void)[] = [];

  constructor(description: string, activity: Activity, wait: Wait) {
    super(description);
    this.#activity = activity;
    this.#wait = wait;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  hold(): Promise<void> {
    this.count();
    this.#activity.changed();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async held(options?: WaitOptions): Promise<void> {
    await this.#wait(
      { look: () => this.#waiting.length > 0 || undefined, explain: () => `no request came for '${this.description}'.` },
      options,
    );
  }

  release(): void {
    super.stop();
    for (const go of this.#waiting.splice(0)) go();
  }

  override stop(): void {
    this.release();
  }
}
