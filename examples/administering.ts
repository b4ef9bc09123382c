import {
  alterConfigs,
  BrokerError,
  createTopics,
  describeConfigs,
  describeTopics,
  groupOffsets,
  KafkaClient,
  valuesOf,
} from '@tskafka/core';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(2, 'orders');
const orders = topics.names[0]!;
await using client = await KafkaClient.connect(cluster);

// #region describe
const described = await describeTopics(client, [orders, 'no-such-topic']);
for (const [name, topic] of described) {
  if (topic instanceof Error) console.log(topic.message);
  else console.log(name.split('-')[0], 'has', topic.partitions.length, 'partitions');
}
// #endregion

// #region ensure
for (const [name, error] of await createTopics(client, [{ name: orders, partitions: 2 }])) {
  if (error instanceof BrokerError && error.errorName === 'TOPIC_ALREADY_EXISTS') continue;
  if (error !== undefined) throw error;
  console.log('made', name);
}
// #endregion

// #region lag
const behind = (await groupOffsets(client, `billing-${orders}`)).reduce((sum, { lag = 0 }) => sum + lag, 0);
if (behind > 10_000) console.error(`billing is ${behind} messages behind`);
// #endregion

// #region alter
const topic = { type: 'topic', name: orders } as const;
valuesOf(await alterConfigs(client, [{ ...topic, set: { 'retention.ms': '86400000' } }], { validateOnly: true }));
const configs = valuesOf(await describeConfigs(client, [topic], { names: ['cleanup.policy'] }));
console.log('cleanup.policy:', configs.get(topic)!.get('cleanup.policy')!.value);
// #endregion
