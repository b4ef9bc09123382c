import { apis, encodeResponse, type RequestHeader } from '@tskafka/core/protocol';
import type { AnswerOf, RequestOf } from '../api-name.ts';
import type { Handler } from '../handler.ts';
import type { RequestQuota } from './request-quota.ts';

/** What brokers ask of each other, and logins, are never throttled. */
const exempt: ReadonlySet<number> = new Set([apis.saslHandshake.key, apis.saslAuthenticate.key, apis.writeTxnMarkers.key]);

/**
 * Counts a request that was served, and gives its answer, which tells the client how long to wait. The connection has to be muted for
 * `quota.throttleMs` then (KIP-219).
 */
export function throttleAnswer(
  { api }: Handler,
  { apiVersion }: RequestHeader,
  request: unknown,
  frameBytes: number,
  answer: object | undefined,
  quota: RequestQuota,
): object | undefined {
  if (exempt.has(api.key)) return answer;
  if (api.key === apis.produce.key) quota.countProduced(frameBytes);
  // Whoever wants no answer is not counted for the request.
  if (answer !== undefined) quota.countRequest();
  if (api.key === apis.fetch.key && answer !== undefined) {
    const { replicaId, sessionEpoch } = request as RequestOf<'Fetch'>;
    if (replicaId >= 0) return answer;
    quota.countFetched(() => answerBytes(api, apiVersion, answer));
    if (quota.throttleMs > 0) return emptyFetch(answer, sessionEpoch);
  }
  if (api.key === apis.shareFetch.key && answer !== undefined) {
    quota.countFetched(() => answerBytes(api, apiVersion, answer));
    if (quota.throttleMs > 0) return emptyShareFetch(answer as AnswerOf<'ShareFetch'>, request as RequestOf<'ShareFetch'>);
  }
  return answer;
}

/** As Kafka counts it: the body, and four bytes of the header. */
function answerBytes(api: Handler['api'], version: number, answer: object): number {
  const frame = encodeResponse(api, version, 1, answer);
  const bytes = frame.reduce((sum, { length }) => sum + length, 0);
  return bytes - 4 - (version >= api.flexibleVersion ? 1 : 0);
}

/** A reader that must wait gets nothing; a session that it wanted begun is not. */
function emptyFetch(answer: object, sessionEpoch: number): object {
  return { ...answer, responses: [], ...(sessionEpoch <= 0 && { sessionId: 0 }) };
}

/** A member that must wait gets no records, and hears of what it has acknowledged. */
function emptyShareFetch(answer: AnswerOf<'ShareFetch'>, { topics }: RequestOf<'ShareFetch'>): AnswerOf<'ShareFetch'> {
  const acknowledged = new Set(
    topics.flatMap(({ topicId, partitions }) =>
      partitions.filter(({ acknowledgementBatches }) => acknowledgementBatches.length > 0).map((of) => `${topicId} ${of.partitionIndex}`),
    ),
  );
  const responses = answer.responses.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions
      .filter(({ partitionIndex }) => acknowledged.has(`${topicId} ${partitionIndex}`))
      .map((partition) => ({ ...partition, records: Buffer.alloc(0), acquiredRecords: [] })),
  }));
  return { ...answer, responses: responses.filter(({ partitions }) => partitions.length > 0) };
}
