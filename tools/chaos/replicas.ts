import { apis } from '@tskafka/core/protocol';
import { tcpTransport } from '../../packages/testing/src/target/tcp-transport.ts';
import { Wire } from '../../conformance/wire.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';

/** A connection that no fault of the network touches, and on which every request is written by hand. */
export function wireTo(kafka: RealKafka, node: number): Promise<Wire> {
  return Wire.connect(tcpTransport, { host: '127.0.0.1', port: kafka.port('PLAINTEXT', node) });
}

/** The same, to a node that runs. */
function wireToAny(kafka: RealKafka): Promise<Wire> {
  return wireTo(kafka, kafka.nodes.find((node) => kafka.isRunning(node))!); // prettier-ignore
}

/** Whether every replica of these topics follows, so that one more broker may fail. */
export async function isWhole(kafka: RealKafka, topics: readonly string[]): Promise<boolean> {
  const wire = await wireToAny(kafka);
  try {
    const { brokers, topics: known } = await wire.send(apis.metadata, 4, {
      topics: topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    });
    const partitions = known.flatMap((topic) => topic.partitions);
    return (
      brokers.length === kafka.nodes.length &&
      partitions.length > 0 &&
      partitions.every(({ leaderId, isrNodes, replicaNodes }) => leaderId >= 0 && isrNodes.length === replicaNodes.length)
    );
  } finally {
    wire.close();
  }
}

/** The leader of a partition now. */
export async function leaderOf(kafka: RealKafka, topic: string, partition: number): Promise<number> {
  const wire = await wireToAny(kafka);
  const { topics } = await wire.send(apis.metadata, 4, { topics: [{ name: topic }], allowAutoTopicCreation: false });
  wire.close();
  return topics[0]!.partitions.find(({ partitionIndex }) => partitionIndex === partition)!.leaderId;
}

/** The coordinator of a group now. */
export async function coordinatorOf(kafka: RealKafka, group: string): Promise<number> {
  const wire = await wireToAny(kafka);
  const { nodeId, errorCode } = await wire.send(apis.findCoordinator, 2, { key: group, keyType: 0 });
  wire.close();
  if (errorCode !== 0) throw new Error(`finding the coordinator of ${group}: error ${errorCode}`);
  return nodeId;
}
