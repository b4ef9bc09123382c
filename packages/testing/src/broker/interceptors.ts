import { checkApi } from '../checks.ts';
import type { ApiName, RequestOf, ResponseOf } from '../api-name.ts';
import { FailurePlan } from './failure-plan.ts';
import { type Stoppable, stoppable } from '../stoppable.ts';

/** What becomes of a request instead of an answer. */
export type Outcome = typeof dropped | typeof silenced;
const dropped = Symbol('dropped');
const silenced = Symbol('silenced');

/** A request on its way to the broker, in the hand of a test. */
export interface Call<Name extends ApiName = ApiName> {
  readonly api: Name;
  readonly version: number;
  /** The broker that it was sent to. */
  readonly broker: number;
  readonly clientId: string | null;
  /** Numbers the cluster's connections, from 1 on. */
  readonly connection: number;
  readonly request: RequestOf<Name>;
  /** Hands it on: to the next interceptor, and at last to the broker. Gives the answer, which may be changed; none for a Produce with acks 0. */
  pass(): Promise<ResponseOf<Name> | undefined>;
  /** Return this to close the connection instead of answering. */
  drop(): Outcome;
  /** Return this to answer nothing, and to leave the connection open. */
  silence(): Outcome;
  /** Rewrites the answer's frame, its length included, before it leaves. */
  rewrite(mutate: (frame: Buffer) => Buffer): void;
  /** The connection takes no further request until `ms` have passed, as when a quota is exceeded (KIP-219). */
  mute(ms: number): void;
  /** Errors that the broker answers with instead of doing the work. */
  readonly failures: FailurePlan;
}

/** Sees a request before the broker. What it returns is the answer. */
export type Interceptor<Name extends ApiName = ApiName> = (call: Call<Name>) => Intercepted<Name> | Promise<Intercepted<Name>>;

/** The answer, or what happens in its place. */
export type Intercepted<Name extends ApiName = ApiName> = ResponseOf<Name> | Outcome | undefined;

/** What is known of a call before its interceptors run. */
export interface CallFacts {
  readonly api: ApiName;
  readonly version: number;
  readonly broker: number;
  readonly clientId: string | null;
  readonly connection: number;
  readonly request: unknown;
}

/** What an intercepted call came to. */
export type CallResult =
  | {
      readonly kind: 'answer';
      readonly response: unknown;
      readonly rewrite: ((frame: Buffer) => Buffer) | undefined;
      readonly muteMs: number;
    }
  | { readonly kind: 'drop' }
  | { readonly kind: 'silence' };

type AnyInterceptor = (call: Call) => unknown;

/** The interceptors of a cluster. Each request goes through those of its API, the newest first. */
export class Interceptors {
  readonly #all = new Set<{ readonly api: ApiName | '*'; readonly interceptor: AnyInterceptor }>();

  add<Name extends ApiName>(api: Name | '*', interceptor: Interceptor<Name>): Stoppable {
    if (api !== '*') checkApi(api);
    if (typeof interceptor !== 'function') throw new TypeError(`an interceptor must be a function, not ${String(interceptor)}`);
    const entry = { api, interceptor: interceptor as AnyInterceptor };
    this.#all.add(entry);
    return stoppable(() => this.#all.delete(entry));
  }

  clear(): void {
    this.#all.clear();
  }

  /** Runs those that the request concerns; undefined when there are none. */
  run(facts: CallFacts, broker: (failures: FailurePlan) => unknown): Promise<CallResult> | undefined {
    const chain = [...this.#all].filter(({ api }) => api === '*' || api === facts.api).reverse();
    if (chain.length === 0) return undefined;
    return runChain(
      chain.map(({ interceptor }) => interceptor),
      facts,
      broker,
    );
  }
}

/** Its request would never be answered, and nobody would know why. */
function forgotten(api: ApiName): string {
  return `the interceptor of ${api} returned nothing: return the result of call.pass(), an answer, call.drop() or call.silence()`;
}

async function runChain(
  chain: readonly AnyInterceptor[],
  facts: CallFacts,
  broker: (failures: FailurePlan) => unknown,
): Promise<CallResult> {
  const failures = new FailurePlan();
  const mutators: ((frame: Buffer) => Buffer)[] = [];
  let muteMs = 0;
  let outcome: Outcome | undefined;
  const step = async (place: number): Promise<unknown> => {
    const interceptor = chain[place];
    if (interceptor === undefined) return await broker(failures);
    let passed: Promise<unknown> | undefined;
    const call = {
      ...facts,
      failures,
      pass: () => (passed ??= step(place + 1)),
      drop: () => dropped,
      silence: () => silenced,
      rewrite: (mutate: (frame: Buffer) => Buffer) => void mutators.push(mutate),
      mute: (ms: number) => void (muteMs = Math.max(muteMs, ms)),
    } as unknown as Call;
    const result = await interceptor(call);
    if (result === undefined && (passed === undefined || (await passed) !== undefined)) throw new TypeError(forgotten(facts.api));
    if (result === dropped || result === silenced) outcome = result as Outcome;
    return result;
  };
  const response = await step(0);
  if (response === dropped || outcome === dropped) return { kind: 'drop' };
  if (response === silenced || outcome === silenced) return { kind: 'silence' };
  const rewrite = mutators.length === 0 ? undefined : (frame: Buffer) => mutators.reduce((bytes, mutate) => mutate(bytes), frame);
  return { kind: 'answer', response, rewrite, muteMs };
}
