import { apis } from '@tskafka/core/protocol';
import { tcpTransport } from '../../packages/testing/src/target/tcp-transport.ts';
import { Wire } from '../../conformance/wire.ts';
import { until } from '../../conformance/until.ts';
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

/** Gives a partition these replicas, and waits until all of them follow. */
export async function assignReplicas(kafka: RealKafka, topic: string, partition: number, replicas: readonly number[]): Promise<void> {
  const wire = await wireToAny(kafka);
  const partitions = [{ partitionIndex: partition, replicas: [...replicas] }];
  const { errorCode, responses } = await wire.send(apis.alterPartitionReassignments, 0, { topics: [{ name: topic, partitions }] });
  const code = errorCode || responses[0]!.partitions[0]!.errorCode;
  if (code !== 0) throw new Error(`giving ${topic}-${partition} to ${replicas.join()}: error ${code}`);
  await until(`${topic}-${partition} is on ${replicas.join()}`, async () => {
    const { topics } = await wire.send(apis.metadata, 4, { topics: [{ name: topic }], allowAutoTopicCreation: false });
    const { replicaNodes, isrNodes } = topics[0]!.partitions.find(({ partitionIndex }) => partitionIndex === partition)!;
    return (
      replicaNodes.length === replicas.length && isrNodes.length === replicas.length && replicas.every((node) => isrNodes.includes(node))
    );
  });
  wire.close();
}

/** Sets a configuration of a topic, or with null takes it away again. */
export async function configureTopic(kafka: RealKafka, topic: string, name: string, value: string | null): Promise<void> {
  const wire = await wireToAny(kafka);
  const configs = [{ name, configOperation: value === null ? 1 : 0, value }];
  const { responses } = await wire.send(apis.incrementalAlterConfigs, 0, {
    resources: [{ resourceType: 2, resourceName: topic, configs }],
    validateOnly: false,
  });
  wire.close();
  if (responses[0]!.errorCode !== 0) throw new Error(`${name}=${value} of ${topic}: error ${responses[0]!.errorCode}`);
}
