import type { Api } from '@tskafka/core/protocol';
import type { Talk } from './talk.ts';

/** A sequence of requests that the mock and a real Kafka are both given. It runs once in each version of its API that Kafka offers. */
export interface Scenario {
  readonly api: Pick<Api, 'key' | 'name' | 'minVersion' | 'maxVersion'>;
  readonly title: string;
  /** The versions in which it makes sense. Default: all. */
  readonly since?: number;
  readonly until?: number;
  /** How many brokers it needs. Default 1. */
  readonly nodes?: 1 | 3;
  /** Asks, and says nothing about the answers: they are compared, not judged. */
  readonly run: (talk: Talk, version: number) => Promise<void>;
}

type Row<Request> = readonly [title: string, request: (talk: Talk, version: number) => Request | Promise<Request>];

/** A scenario of one request for each row. */
export function requests<Request, Response>(
  api: Api<Request, Response>,
  rows: readonly Row<Request>[],
  limits: Pick<Scenario, 'since' | 'until' | 'nodes'> = {},
): Scenario[] {
  return rows.map(([title, request]) => ({
    ...limits,
    api,
    title,
    run: async (talk, version) => void (await talk.ask(api, await request(talk, version))),
  }));
}
