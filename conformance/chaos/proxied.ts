import { KafkaClient } from '@tskafka/consumer';
import { FaultProxy } from '../../tools/fault-proxy/proxy.ts';
import { broker } from '../broker.ts';

/** A client of the real cluster whose every byte passes a proxy. Close the client first. */
export async function proxiedClient(): Promise<{ readonly proxy: FaultProxy; readonly client: KafkaClient }> {
  const kafka = broker.kafka!;
  const routes = kafka.nodes.map((node) => ({ node, port: kafka.proxyPort(node), target: kafka.port('PROXIED', node) }));
  const proxy = await FaultProxy.start(routes);
  const client = await KafkaClient.connect({ brokers: routes.map(({ port }) => `127.0.0.1:${port}`) });
  return { proxy, client };
}
