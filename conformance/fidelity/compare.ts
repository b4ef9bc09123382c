import type { Api } from '@tskafka/core/protocol';
import { differencesBetween, type Difference } from './differences.ts';
import type { Scenario } from './scenario.ts';
import type { Side } from './side.ts';
import { ConnectionEnded, type Exchange, NotOffered, Talk } from './talk.ts';

export interface Sides {
  readonly kafka: Side;
  readonly mock: Side;
}

/** What one run of a scenario has shown. */
export interface Comparison {
  /** The requests whose answers were compared. */
  readonly compared: readonly Pick<Exchange, 'api' | 'version'>[];
  readonly differences: readonly Difference[];
  /** What the mock does not offer, so that nothing could be compared. */
  readonly notOffered?: string;
}

let runs = 0;

/** Has both sides play the scenario in this version, and compares all that they answered. */
export async function compare(sides: Sides, scenario: Scenario, version: number): Promise<Comparison> {
  const token = `f${(++runs).toString(36)}x${Math.random().toString(36).slice(2, 8)}`;
  const newest = (api: Pick<Api, 'key' | 'maxVersion'>): number =>
    Math.min(sides.kafka.ranges.get(api.key)?.maxVersion ?? 0, api.maxVersion);
  const startedAt = Date.now();
  const talkWith = (side: Side): Talk => new Talk(side, { api: scenario.api, version, token, newest, startedAt });
  const [kafka, mock] = [talkWith(sides.kafka), talkWith(sides.mock)];
  const [kafkaEnd, mockEnd] = await Promise.all([play(kafka, scenario, version), play(mock, scenario, version)]);
  if (kafkaEnd instanceof NotOffered || (kafkaEnd !== undefined && mockEnd instanceof NotOffered)) throw kafkaEnd;
  if (mockEnd instanceof NotOffered) return { compared: [], differences: [], notOffered: mockEnd.message };

  const differences: Difference[] = [];
  const compared: Exchange[] = [];
  for (let i = 0; i < Math.max(kafka.exchanges.length, mock.exchanges.length); i++) {
    const [theirs, ours] = [kafka.exchanges[i], mock.exchanges[i]];
    const exchange = theirs ?? ours!;
    const where = { api: exchange.api, version: exchange.version, scenario: scenario.title };
    compared.push(exchange);
    differences.push(...differencesBetween(theirs?.answer, ours?.answer).map((difference) => ({ ...where, ...difference })));
  }
  const [theirEnd, ourEnd] = [kafkaEnd?.message ?? null, mockEnd?.message ?? null];
  if (theirEnd !== ourEnd) {
    const where = { api: scenario.api.name, version, scenario: scenario.title };
    differences.push({ ...where, path: '(end of the scenario)', kafka: theirEnd, mock: ourEnd });
  } else if (kafkaEnd !== undefined && !(kafkaEnd instanceof ConnectionEnded)) throw kafkaEnd;
  return { compared, differences };
}

async function play(talk: Talk, scenario: Scenario, version: number): Promise<Error | undefined> {
  try {
    await scenario.run(talk, version);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await talk.close();
  }
}
