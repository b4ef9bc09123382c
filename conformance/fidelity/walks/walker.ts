import type { Api, Decoded, Random } from '@tskafka/core/protocol';
import { seededRandom } from '@tskafka/testing';
import type { Side } from '../side.ts';
import type { AskOptions, Talk } from '../talk.ts';

/** One thing to ask, however it comes out. */
export type Step<W extends Walker> = (walker: W) => Promise<unknown>;

/** How often each is taken, beside the others. */
export type WeightedSteps<W extends Walker> = readonly (readonly [weight: number, step: Step<W>])[];

/** Somebody who asks one cluster this and that, as the dice say, and remembers what came of it. Two who throw the same dice ask the same. */
export class Walker {
  readonly talk: Talk;
  /** The requests whose answers are compared, in words. */
  readonly asked: string[] = [];
  readonly #ranges: Side['ranges'];
  #sent = 0;
  #dice: Random = seededRandom(0);

  /** @param ranges The versions that both clusters are asked in. */
  constructor(talk: Talk, ranges: Side['ranges']) {
    this.talk = talk;
    this.#ranges = ranges;
  }

  /** Takes back what would be in the way of others. Topics go by themselves. */
  leave(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes new dice. All that a step asks comes of them, so that the step before may be left out. */
  throwFrom(seed: number): void {
    this.#dice = seededRandom(seed);
  }

  /** 0, 1, ... `count` - 1. */
  int(count: number): number {
    return Math.floor(this.#dice() * count);
  }

  chance(probability: number): boolean {
    return this.#dice() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(values.length)]!;
  }

  /** One that both clusters know and the codec too. */
  version({ key, minVersion, maxVersion }: Api, since = 0): number {
    const range = this.#ranges.get(key)!;
    const first = Math.max(range.minVersion, minVersion, since);
    return first + this.int(Math.min(range.maxVersion, maxVersion) - first + 1);
  }

  async ask<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
    options: AskOptions = {},
  ): Promise<Decoded<Response>> {
    const already = this.talk.exchanges.length;
    try {
      return await this.talk.ask(api, request, { ...options, version });
    } finally {
      if (this.talk.exchanges.length > already) {
        const as = options.as === undefined ? '' : ` as ${options.as}`;
        this.asked.push(`${api.name} version ${version}${as} ${JSON.stringify(request, withoutBytes)}`);
      }
    }
  }

  /** Asks for what may have to wait for another request, on a connection of its own. The answer is compared when it is taken. */
  send<Request, Response>(api: Api<Request, Response>, version: number, request: Request): Sent<Response> {
    let isAnswered = false;
    const answer = this.talk.peek(api, request, { version, connection: `sent ${++this.#sent}` }).finally(() => (isAnswered = true));
    answer.catch(() => {}); // told by who takes it, if anybody does
    const take = async (): Promise<Decoded<Response>> => {
      this.talk.keep(api, version, await answer);
      this.asked.push(`${api.name} version ${version}, sent with others, ${JSON.stringify(request, withoutBytes)}`);
      return await answer;
    };
    return { isAnswered: () => isAnswered, take };
  }
}

/** A request that was sent. */
export interface Sent<Response> {
  isAnswered(): boolean;
  take(): Promise<Decoded<Response>>;
}

function withoutBytes(field: string, value: unknown): unknown {
  return field === 'records' ? '...' : value;
}
