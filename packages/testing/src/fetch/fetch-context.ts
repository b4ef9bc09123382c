import { type Decoded, errorCodes, type FetchRequest, zeroUuid } from '@tskafka/core/protocol';
import { askedPartitions, type AskedPartition, type AskedPartitions, forgottenPartitions } from './asked-partition.ts';
import { type AnsweredPartition, nextSessionEpoch } from './fetch-session.ts';
import type { FetchSessionCache } from './fetch-session-cache.ts';

const firstVersionWithIds = 13;
const initialEpoch = 0;
const finalEpoch = -1;

/** What a fetch asks for, and what its session makes of the answer. */
export interface FetchContext {
  /** That of the whole answer; 0 for none. */
  readonly errorCode: number;
  readonly asked: AskedPartitions;
  /** Leaves of the answer what the client is to be told. */
  finish<Answer extends AnsweredPartition>(answered: ReadonlyMap<string, Answer>): FinishedFetch<Answer>;
}

export interface FinishedFetch<Answer> {
  readonly errorCode: number;
  readonly sessionId: number;
  readonly told: readonly (readonly [AskedPartition, Answer])[];
}

export interface FetchBroker {
  readonly version: number;
  readonly sessions: FetchSessionCache;
  topicNameOf(topicId: string): string | undefined;
}

/**
 * By session id and epoch (KIP-227): epoch -1 asks without a session, 0 for a new one, and any other for what has changed in the one that it names.
 * A session that is named with -1 or 0 ends.
 */
export function fetchContext(request: Decoded<FetchRequest>, broker: FetchBroker): FetchContext {
  const { version, sessions } = broker;
  const { sessionId, sessionEpoch } = request;
  const usesTopicIds = version >= firstVersionWithIds;
  const asked = askedPartitions(request, ({ topic, topicId }) => (usesTopicIds ? nameOf(topicId, broker) : topic));
  if (sessionEpoch === initialEpoch || sessionEpoch === finalEpoch) {
    if (sessionId !== 0) sessions.remove(sessionId);
    if (sessionEpoch === finalEpoch) return sessionless(asked);
    return {
      ...{ errorCode: errorCodes.NONE, asked },
      finish: (answered) => ({ ...all(asked, answered), sessionId: sessions.create({ usesTopicIds, asked, answered }) }),
    };
  }
  const session = sessions.get(sessionId);
  if (session === undefined) return failed(errorCodes.FETCH_SESSION_ID_NOT_FOUND);
  if (session.epoch !== sessionEpoch) return failed(errorCodes.INVALID_FETCH_SESSION_EPOCH);
  if (session.usesTopicIds !== usesTopicIds) return failed(errorCodes.FETCH_SESSION_TOPIC_ID_ERROR);
  session.update(asked, forgottenPartitions(request));
  if (session.size === 0) {
    sessions.remove(sessionId);
    return sessionless(asked);
  }
  sessions.touch(session);
  const epoch = nextSessionEpoch(sessionEpoch);
  session.epoch = epoch;
  const wanted = session.partitions((topicId) => nameOf(topicId, broker));
  return {
    ...{ errorCode: errorCodes.NONE, asked: wanted },
    finish: (answered) => {
      // Another request of the session came while this one waited.
      if (session.epoch !== epoch) return { errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId, told: [] };
      const { told } = all(wanted, answered);
      return { errorCode: errorCodes.NONE, sessionId, told: told.filter(([partition, answer]) => session.tells(partition, answer)) };
    },
  };
}

function nameOf(topicId: string, broker: FetchBroker): string | undefined {
  return topicId === zeroUuid ? undefined : broker.topicNameOf(topicId);
}

function sessionless(asked: AskedPartitions): FetchContext {
  return { errorCode: errorCodes.NONE, asked, finish: (answered) => all(asked, answered) };
}

function all<Answer>(asked: AskedPartitions, answered: ReadonlyMap<string, Answer>): FinishedFetch<Answer> {
  return { errorCode: errorCodes.NONE, sessionId: 0, told: [...answered].map(([key, answer]) => [asked.get(key)!, answer] as const) };
}

function failed(errorCode: number): FetchContext {
  return { errorCode, asked: new Map(), finish: () => ({ errorCode, sessionId: 0, told: [] }) };
}
