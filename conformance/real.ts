import { apis } from '@tskafka/core/protocol';
import type { RealKafka } from '../tools/real-kafka/cluster.ts';
import type { Cluster } from './broker.ts';
import { tcpTransport } from '../packages/testing/src/target/tcp-transport.ts';
import { until } from './until.ts';
import { Wire } from './wire.ts';

/** A real cluster as the suites see it. */
export function realCluster(kafka: RealKafka): Cluster {
  return {
    bootstrap: kafka.bootstrap,
    transport: undefined,
    withSasl: () => Promise.resolve(kafka.addresses('SASL_PLAINTEXT')),
    overTcp: () => Promise.resolve(kafka.bootstrap),
    kill: (node) => kafka.kill(node),
    restart: (node) => kafka.restart(node),
    moveLeader: (topic, partition, node) => moveLeader(kafka, topic, partition, node),
  };
}

/** Puts the node first among the replicas, and has the first replica elected. Its log is copied there first if need be. */
async function moveLeader(kafka: RealKafka, topic: string, partition: number, node: number): Promise<void> {
  const alive = kafka.nodes.find((candidate) => kafka.isRunning(candidate))!;
  const wire = await Wire.connect(tcpTransport, { host: '127.0.0.1', port: kafka.port('PLAINTEXT', alive) });
  const partitionNow = async () => {
    const { topics } = await wire.send(apis.metadata, 4, { topics: [{ name: topic }], allowAutoTopicCreation: false });
    return topics[0]!.partitions.find(({ partitionIndex }) => partitionIndex === partition)!;
  };
  const { replicaNodes } = await partitionNow();
  const others = replicaNodes.filter((replica) => replica !== node);
  // A partition with one replica moves as a whole; with more, the node takes the place of the last one or stands there already.
  const replicas = [node, ...(replicaNodes.includes(node) ? others : others.slice(0, -1))];
  const reassigned = [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }];
  const { errorCode } = await wire.send(apis.alterPartitionReassignments, 0, { topics: reassigned });
  if (errorCode !== 0) throw new Error(`moving ${topic}-${partition} to ${node}: error ${errorCode}`);
  await until(`${topic}-${partition} is led by ${node}`, async () => {
    await wire.send(apis.electLeaders, 2, { electionType: 0, topicPartitions: [{ topic, partitions: [partition] }] });
    const { leaderId, replicaNodes, isrNodes } = await partitionNow();
    return leaderId === node && replicaNodes.length === replicas.length && isrNodes.length === replicas.length;
  });
  wire.close();
}
