import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openKafka, startKafka, type RealKafka } from './cluster.ts';
import { cacheFolder } from './jars.ts';
import { defaultPortBase, type Listener } from './ports.ts';
import { runToolHere } from './tool.ts';
import { kafkaVersion } from './version.ts';

const usage = `A real Apache Kafka ${kafkaVersion} on this machine (KRaft, from Maven Central's jars): no container, no download page.

  npm run kafka -- start [1|3] [--secure] [--benchmark] [--property NAME=VALUE]...
                                 starts a cluster of one or three brokers and prints its addresses
  npm run kafka -- stop          ends it and removes its data
  npm run kafka -- addresses     prints the addresses again
  npm run kafka -- kill N        ends broker N as a power cut does
  npm run kafka -- pause N       stops broker N with its connections open; resume N lets it go on
  npm run kafka -- restart N     stops broker N in good order if it runs, and starts it with its log
  npm run kafka -- tool CLASS ARGS...
                                 runs one of Kafka's own tools on it, e.g. tool TopicCommand --list

Options of every command, before the command's own arguments:
  --name NAME                    which cluster, when there are several (default 'default')
  --port-base PORT               where its ports begin (start only; default ${defaultPortBase}; 0 chooses free ones)

With a port base of ${defaultPortBase} broker N listens on 127.0.0.1: PLAINTEXT ${defaultPortBase + 1}.. (${defaultPortBase} + N), with --secure also
SSL +100, SASL_SSL +200, SASL_PLAINTEXT +300, MTLS +700 (SASL user 'test', password 'test-secret'; certificates in tls/ of its folder).
PROXIED is +400 and advertises +500: a fault proxy that listens there sees every byte of its clients.
Environment: KAFKA_VERSION chooses another version. Needs a JDK 17 or newer, Maven, and openssl for --secure.
`;

async function main(argv: readonly string[]): Promise<number> {
  const command = argv[0];
  if (command === 'tool') return toolCommand(argv.slice(1));
  const { values, positionals } = parseArgs({
    args: argv.slice(1),
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'default' },
      'port-base': { type: 'string', default: `${defaultPortBase}` },
      secure: { type: 'boolean', default: false },
      benchmark: { type: 'boolean', default: false },
      property: { type: 'string', multiple: true, default: [] },
    },
  });
  const folder = runFolder(values.name);
  if (command === 'start') {
    if (existsSync(folder)) await discardDead(folder, values.name);
    const properties = Object.fromEntries(values.property.map(nameAndValue));
    const portBase = Number(values['port-base']) || undefined;
    const nodes = nodeCount(positionals[0] ?? '1');
    printAddresses(
      await startKafka({ nodes, secure: values.secure, benchmark: values.benchmark, portBase, folder, properties, detached: true }),
    );
    return 0;
  }
  const withNode = ['kill', 'pause', 'resume', 'restart'].includes(command ?? '');
  if (!withNode && command !== 'stop' && command !== 'addresses') {
    process.stderr.write(usage);
    return 2;
  }
  const cluster = await openNamed(values.name);
  if (command === 'stop') await cluster.stop();
  else if (command === 'addresses') printAddresses(cluster);
  else await cluster[command as 'kill' | 'pause' | 'resume' | 'restart'](nodeOf(cluster, positionals[0]));
  return 0;
}

/** The tool's own options stand behind its class and are not ours to read. */
async function toolCommand(argv: readonly string[]): Promise<number> {
  const [name, rest] = argv[0] === '--name' ? [argv[1]!, argv.slice(2)] : ['default', argv];
  const [tool, ...args] = rest;
  if (tool === undefined) throw new Error('tool: which one? For instance: tool TopicCommand --list');
  const cluster = await openNamed(name);
  return runToolHere(cluster.plan.version, tool, ['--bootstrap-server', cluster.bootstrap, ...args]);
}

const runFolder = (name: string): string => join(cacheFolder, 'clusters', name);

async function openNamed(name: string): Promise<RealKafka> {
  if (!existsSync(runFolder(name))) throw new Error(`no cluster '${name}' is running: start one with 'npm run kafka -- start'`);
  return openKafka(runFolder(name));
}

/** A folder without a living process is what a restart of the machine leaves behind. */
async function discardDead(folder: string, name: string): Promise<void> {
  const cluster = await openKafka(folder).catch(() => undefined);
  if (cluster?.nodes.some((node) => cluster.isRunning(node))) {
    throw new Error(`cluster '${name}' is running at ${cluster.bootstrap}: stop it first, or start another with --name and --port-base 0`);
  }
  await rm(folder, { recursive: true, force: true });
}

function nodeCount(text: string): number {
  if (text === '1' || text === '3') return Number(text);
  throw new Error(`a cluster has 1 or 3 brokers, not '${text}'`);
}

function nodeOf(cluster: RealKafka, text: string | undefined): number {
  const node = Number(text);
  if (cluster.nodes.includes(node)) return node;
  throw new Error(`which broker? One of ${cluster.nodes.join(', ')}, not '${text ?? ''}'`);
}

function nameAndValue(property: string): [string, string] {
  const equals = property.indexOf('=');
  if (equals < 1) throw new Error(`--property wants NAME=VALUE, not '${property}'`);
  return [property.slice(0, equals), property.slice(equals + 1)];
}

/** The bootstrap addresses on standard output, for scripts; the rest on standard error, for people. */
function printAddresses(cluster: RealKafka): void {
  process.stdout.write(`${cluster.bootstrap}\n`);
  const others: Listener[] = cluster.plan.secure ? ['PROXIED', 'SSL', 'MTLS', 'SASL_SSL', 'SASL_PLAINTEXT'] : ['PROXIED'];
  for (const listener of others) process.stderr.write(`${listener.padEnd(15)}${cluster.addresses(listener)}\n`);
  process.stderr.write(`${'files'.padEnd(15)}${cluster.plan.folder}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
