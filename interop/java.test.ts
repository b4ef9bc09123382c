import { describe, expect, it } from 'vitest';
import { kafkaVersion } from '../tools/real-kafka/version.ts';
import { runTool } from '../tools/real-kafka/tool.ts';
import { append, numbered, serve, type Served, valuesOf } from './cluster.ts';

/** Java's own client, by Kafka's tools: those for people, and those of its system tests. */

async function tool(name: string, args: readonly string[], input?: string): Promise<string> {
  const { stdout, stderr, code } = await runTool(kafkaVersion, name, args, { timeoutMs: 240_000, ...(input !== undefined && { input }) });
  if (code !== 0) throw new Error(`${name} ended with ${code ?? 'a signal'}: ${stderr}${stdout}`);
  return stdout;
}

const on = ({ bootstrap }: Served, name: string, ...args: string[]): Promise<string> =>
  tool(name, ['--bootstrap-server', bootstrap, ...args]);

/** The events that a tool of the system tests prints, one a line. */
interface Event {
  readonly name: string;
  readonly count?: number;
  readonly value?: string;
  readonly [field: string]: unknown;
}

const eventsOf = (output: string): Event[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);

describe.concurrent('Java', () => {
  it('looks at the versions: BrokerApiVersionsCommand', async () => {
    await using served = await serve();
    const printed = await on(served, 'BrokerApiVersionsCommand');
    expect(printed.match(/\(id: \d rack: null isFenced: false\) -> /g)).toHaveLength(3);
    expect(printed).toMatch(/Produce\(0\): 0 to 13 \[usable: 13\]/);
  });

  it('administers topics: TopicCommand', async () => {
    await using served = await serve();
    const sizes = ['--partitions', '2', '--replication-factor', '3'];
    await on(served, 'TopicCommand', '--create', '--topic', 'new', ...sizes, '--config', 'cleanup.policy=compact');
    await on(served, 'TopicCommand', '--alter', '--topic', 'new', '--partitions', '3');
    const described = await on(served, 'TopicCommand', '--describe', '--topic', 'new');
    expect(described).toMatch(/Topic: new\tTopicId: \S+\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: .*cleanup.policy=compact/);
    expect(described.match(/Partition: \d\tLeader: \d\tReplicas: \d,\d,\d\tIsr: \d,\d,\d/g)).toHaveLength(3);
    await on(served, 'TopicCommand', '--delete', '--topic', 'new');
    expect(await on(served, 'TopicCommand', '--list')).toBe('\n');
  });

  it('produces: VerifiableProducer', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    const events = eventsOf(await on(served, 'VerifiableProducer', '--topic', 'orders', '--max-messages', '50', '--repeating-keys', '5'));
    expect(events.filter(({ name }) => name === 'producer_send_success')).toHaveLength(50);
    expect(valuesOf(served, 'orders')).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  });

  it.each([
    ['classic', []],
    ['classic', ['--assignment-strategy', 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor']],
    ['consumer', []],
    ['consumer', ['--group-remote-assignor', 'range']],
  ])('consumes in a group: VerifiableConsumer, %s %s', async (protocol, more) => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', ...numbered('message', 20));
    const args = ['--topic', 'orders', '--group-id', 'group', '--group-protocol', protocol, '--max-messages', '20', '--verbose', ...more];
    const events = eventsOf(await on(served, 'VerifiableConsumer', ...args));
    expect(events.filter(({ name }) => name === 'record_data').map(({ value }) => value)).toEqual(numbered('message', 20));
    expect(events.map(({ name }) => name)).toContain('partitions_assigned');
    expect(served.cluster.group('group').committed('orders', 0)).toBe(20);
  });

  it('consumes in a share group: VerifiableShareConsumer', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', ...numbered('message', 20));
    const args = ['--topic', 'orders', '--group-id', 'sharing', '--offset-reset-strategy', 'earliest', '--max-messages', '20', '--verbose'];
    const events = eventsOf(await on(served, 'VerifiableShareConsumer', ...args, '--acknowledgement-mode', 'sync'));
    expect(events.filter(({ name }) => name === 'record_data').map(({ value }) => value)).toEqual(numbered('message', 20));
    await served.cluster.group('sharing').waitForLag(0);
  });

  it('administers groups: ConsumerGroupCommand', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    append(served, 'orders', 'a', 'b', 'c');
    served.cluster.group('group').commit('orders', 0, 1);
    expect(await on(served, 'ConsumerGroupCommand', '--list')).toContain('group');
    expect(await on(served, 'ConsumerGroupCommand', '--describe', '--group', 'group')).toMatch(/group\s+orders\s+0\s+1\s+3\s+2\s+-/);
    await on(served, 'ConsumerGroupCommand', '--group', 'group', '--topic', 'orders', '--reset-offsets', '--to-earliest', '--execute');
    expect(served.cluster.group('group').committed('orders', 0)).toBe(0);
    await on(served, 'ConsumerGroupCommand', '--delete', '--group', 'group');
    expect(await on(served, 'ConsumerGroupCommand', '--list')).not.toContain('group');
  });
});
