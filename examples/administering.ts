import { alterConfigs, describeConfigs, describeTopics, KafkaClient, valuesOf } from '@tskafka/core';
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

// #region alter
const topic = { type: 'topic', name: orders } as const;
valuesOf(await alterConfigs(client, [{ ...topic, set: { 'retention.ms': '86400000' } }], { validateOnly: true }));
const configs = valuesOf(await describeConfigs(client, [topic], { names: ['cleanup.policy'] }));
console.log('cleanup.policy:', configs.get(topic)!.get('cleanup.policy')!.value);
// #endregion
