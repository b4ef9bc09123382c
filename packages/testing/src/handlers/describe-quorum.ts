import { apis, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { controllerListener, controllerPort, metadataIdleMs, metadataTopic } from '../broker/quorum.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

const unknownPartition = 'This server does not host this topic-partition.';

/** The controllers and how far they have read the log of metadata (KIP-595). */
export const describeQuorumHandler = defineHandler(apis.describeQuorum, (request, context) => {
  const { version } = context;
  const failure = context.failureOf();
  if (failure !== 0) return { errorCode: failure, topics: [], nodes: [] };
  const [topic, ...more] = request.topics;
  const asksForMetadata =
    topic?.topicName === metadataTopic && more.length === 0 && topic.partitions.length === 1 && topic.partitions[0]!.partitionIndex === 0;
  if (asksForMetadata) return describe(context);
  return {
    errorCode: errorCodes.NONE,
    errorMessage: '',
    nodes: [],
    topics: request.topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
        errorMessage: version >= 2 ? unknownPartition : '',
        ...{ leaderId: 0, leaderEpoch: 0, highWatermark: 0, currentVoters: [], observers: [] },
      })),
    })),
  };
});

function describe({ state, session, version }: HandlerContext) {
  const now = state.clock.wallTime();
  const highWatermark = Math.trunc(state.ageMs / metadataIdleMs) + 1;
  const voters = [...state.brokers.values()];
  return {
    errorCode: errorCodes.NONE,
    errorMessage: '',
    topics: [
      {
        topicName: metadataTopic,
        partitions: [
          {
            partitionIndex: 0,
            errorCode: errorCodes.NONE,
            errorMessage: '',
            leaderId: state.controllerId,
            leaderEpoch: state.controllerEpoch,
            highWatermark,
            currentVoters: voters.map(({ id, alive }) => ({
              replicaId: id,
              // Only voters of a dynamic quorum are known by their folders.
              replicaDirectoryId: zeroUuid,
              logEndOffset: alive ? highWatermark : -1,
              ...(version >= 1 && {
                lastFetchTimestamp: alive ? Math.trunc(now) : -1,
                lastCaughtUpTimestamp: alive ? Math.trunc(now) : -1,
              }),
            })),
            observers: [],
          },
        ],
      },
    ],
    nodes:
      version < 2
        ? []
        : voters.map(({ id }) => ({
            nodeId: id,
            listeners: [{ name: controllerListener, host: session.addressOf(id).host, port: controllerPort }],
          })),
  };
}
