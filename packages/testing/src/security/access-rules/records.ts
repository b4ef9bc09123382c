import { errorCodes, type ProduceResponse, zeroUuid } from '@tskafka/core/protocol';
import type { RequestOf } from '../../api-name.ts';
import { CloseConnection, type HandlerContext } from '../../handler.ts';
import { AccessRule, has } from '../access-rule.ts';

type TopicData = RequestOf<'Produce'>['topicData'][number];
type Answered = ProduceResponse['responses'][number];

/** Produce asks for the transactional id as a whole, and for each topic. Fetch asks in its handler, since its topics may stand in a session. */
export const recordRules = [
  new AccessRule('Produce')
    .step((request, context) => {
      const { transactionalId, topicData } = request;
      if (transactionalId === null || !topicData.some(isTransactional)) return undefined;
      if (has(['write', 'transactionalId', transactionalId], context)) return undefined;
      if (request.acks === 0) throw new CloseConnection('a produce request without acknowledgement was not allowed');
      const errorCode = errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
      return { answer: { responses: topicData.map((topic) => refused(topic, errorCode)) } };
    })
    .step((request, context) => {
      const isRefused = (topic: TopicData): boolean => {
        const name = nameOf(topic, context);
        return name !== undefined && !has(['write', 'topic', name], context);
      };
      const hidden = request.topicData.filter(isRefused);
      if (hidden.length === 0) return undefined;
      // Where there is no answer, an error can only close the connection. The rest is served before.
      if (request.acks === 0) context.session.closeAfterAnswer();
      const refusals = hidden.map((topic) => refused(topic, errorCodes.TOPIC_AUTHORIZATION_FAILED));
      const rest = { ...request, topicData: request.topicData.filter((topic) => !isRefused(topic)) };
      return { request: rest, complete: (answer) => ({ ...answer, responses: [...answer.responses, ...refusals] }) };
    }),
];

function nameOf({ name, topicId }: TopicData, { metadata, version }: HandlerContext): string | undefined {
  return version >= 13 ? metadata.topicNameOf(topicId ?? zeroUuid) : name;
}

const attributesAt = 21;
const transactional = 0x10;

/** Looks at the first batch of each partition, as it came. */
function isTransactional({ partitionData }: TopicData): boolean {
  return partitionData.some(
    ({ records }) => records !== null && records.length > attributesAt + 1 && (records.readInt16BE(attributesAt) & transactional) !== 0,
  );
}

function refused({ name, topicId, partitionData }: TopicData, errorCode: number): Answered {
  const failed = { errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, recordErrors: [], errorMessage: null };
  return { name, topicId, partitionResponses: partitionData.map(({ index }) => ({ index, ...failed })) };
}
