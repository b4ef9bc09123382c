import { type ApiName, apiKeys } from './api-keys.ts';

/** Which requests a fault is for. */
export interface Scope {
  /** How many. Default 1. */
  readonly times?: number;
  /** Default: every node. */
  readonly node?: number;
}

/** A fault that waits for its requests. */
export interface Strike {
  /** How often it has struck. */
  readonly count: number;
  stop(): void;
}

/** Makes another frame of one; `version` is that of the request. */
export type Rewrite = (frame: Buffer, version: number) => Buffer;

export type Verdict = { readonly drop: true } | { readonly drop: false; readonly delayMs?: number; readonly rewrite?: Rewrite };

interface Rule {
  readonly on: 'request' | 'response';
  readonly apiKey: number;
  readonly node: number | undefined;
  readonly verdict: Verdict;
  left: number;
  count: number;
}

/** The faults that are aimed at single requests. */
export class Strikes {
  readonly #rules = new Set<Rule>();

  add(on: 'request' | 'response', api: ApiName, { times = 1, node }: Scope, verdict: Verdict): Strike {
    const rule: Rule = { on, apiKey: apiKeys[api], node, verdict, left: times, count: 0 };
    this.#rules.add(rule);
    return {
      get count() {
        return rule.count;
      },
      stop: () => void this.#rules.delete(rule),
    };
  }

  /** What happens to this one. The first fault that is for it strikes. */
  verdict(on: 'request' | 'response', apiKey: number, node: number): Verdict | undefined {
    for (const rule of this.#rules) {
      if (rule.on !== on || rule.apiKey !== apiKey || (rule.node ?? node) !== node) continue;
      rule.count++;
      if (--rule.left <= 0) this.#rules.delete(rule);
      return rule.verdict;
    }
    return undefined;
  }

  clear(): void {
    this.#rules.clear();
  }
}
