import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTool } from '../tools/real-kafka/tool.ts';
import { kafkaVersion } from '../tools/real-kafka/version.ts';
import { append, serve, type Served } from './cluster.ts';

/** What Java's administrators' tools do to the mock's cluster, and read of it. */

async function on({ bootstrap }: Served, name: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await runTool(kafkaVersion, name, ['--bootstrap-server', bootstrap, ...args], { timeoutMs: 240_000 });
  if (code !== 0) throw new Error(`${name} ended with ${code ?? 'a signal'}: ${stderr}${stdout}`);
  return stdout;
}

async function withFile<Result>(content: object, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tskafka-interop-'));
  try {
    const path = join(folder, 'input.json');
    await writeFile(path, JSON.stringify(content));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.concurrent('Java', () => {
  it('changes configurations: ConfigCommand', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    const alter = (type: string, name: string, configs: string) =>
      on(served, 'ConfigCommand', '--alter', '--entity-type', type, '--entity-name', name, '--add-config', configs);
    const told = (type: string, name: string) => on(served, 'ConfigCommand', '--describe', '--entity-type', type, '--entity-name', name);
    await alter('topics', 'orders', 'cleanup.policy=[compact,delete],max.message.bytes=5000');
    expect(await told('topics', 'orders')).toMatch(
      /max\.message\.bytes=5000 sensitive=false synonyms=\{DYNAMIC_TOPIC_CONFIG:max\.message\.bytes=5000, DEFAULT_CONFIG:message\.max\.bytes=1048588\}/,
    );
    await alter('groups', 'workers', 'share.auto.offset.reset=earliest');
    expect(await told('groups', 'workers')).toContain('DYNAMIC_GROUP_CONFIG:share.auto.offset.reset=earliest');
    await alter('brokers', '1', 'log.retention.ms=1234');
    expect(await told('brokers', '1')).toContain('DYNAMIC_BROKER_CONFIG:log.retention.ms=1234');
  });

  it('moves partitions to other brokers and folders: ReassignPartitionsCommand', async () => {
    await using served = await serve({ topics: { orders: { partitions: 1, replicationFactor: 1 } }, configs: { 'log.dirs': '/a,/b' } });
    append(served, 'orders', 'kept');
    const partitions = [{ topic: 'orders', partition: 0, replicas: [3, 2], log_dirs: ['/b', 'any'] }];
    await withFile({ version: 1, partitions }, async (path) => {
      const reassign = (...args: string[]) =>
        on(served, 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand', '--reassignment-json-file', path, ...args);
      expect(await reassign('--execute')).toContain('Successfully started partition reassignment for orders-0');
      const verified = await reassign('--verify');
      expect(verified).toContain('Reassignment of partition orders-0 is completed.');
      expect(verified).toContain('Reassignment of replica orders-0-3 completed successfully.');
    });
    expect(served.cluster.topic('orders').partition(0)).toMatchObject({ leader: 3, replicas: [3, 2] });
    const dirs = await on(served, 'LogDirsCommand', '--describe', '--topic-list', 'orders', '--broker-list', '3');
    expect(dirs).toContain('"logDir":"/b"');
    expect(dirs).toMatch(/"partition":"orders-0","size":\d\d,"offsetLag":0,"isFuture":false/);
  });

  it('elects leaders: LeaderElectionCommand', async () => {
    await using served = await serve({ topics: { orders: 1 } });
    served.cluster.topic('orders').moveLeader(0, 2);
    const elected = await on(served, 'LeaderElectionCommand', '--election-type', 'preferred', '--all-topic-partitions');
    expect(elected).toContain('Successfully completed leader election (PREFERRED) for partitions orders-0');
    expect(served.cluster.topic('orders').partition(0).leader).toBe(1);
  });

  it('reads and changes features: FeatureCommand', async () => {
    await using served = await serve();
    const feature = 'eligible.leader.replicas.version';
    expect(await on(served, 'FeatureCommand', 'downgrade', '--feature', `${feature}=0`)).toContain(`${feature} was downgraded to 0.`);
    expect(await on(served, 'FeatureCommand', 'describe')).toMatch(/eligible\.leader\.replicas\.version .*FinalizedVersionLevel: 0/);
  });

  it('describes the quorum: MetadataQuorumCommand', async () => {
    await using served = await serve();
    served.cluster.moveController(2);
    expect(await on(served, 'MetadataQuorumCommand', 'describe', '--status')).toMatch(/LeaderId:\s+2\n/);
    expect(await on(served, 'MetadataQuorumCommand', 'describe', '--replication')).toMatch(/\n2\s.*Leader/);
  });
});
