import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCertificates, readCertificates, type Certificates } from './certificates.ts';
import { makeClassArchive } from './class-archive.ts';
import { kafkaClassPath } from './jars.ts';
import { endNode, formatNode, launchNode, nodeIsReady, nodePid, signalNode } from './node.ts';
import { freePortBase, host, portOf, proxyPortOf, takenPort, type Listener } from './ports.ts';
import { checkJava, type ProgramOptions, type ProgramResult } from './programs.ts';
import { nodeFolder, saslMechanisms, saslUser, serverProperties, tlsFolder, type ClusterPlan } from './properties.ts';
import { runTool } from './tool.ts';
import { kafkaVersion } from './version.ts';

export interface StartOptions {
  /** Brokers, each a controller too; 1 or 3. Default 1. */
  readonly nodes?: number;
  /** Adds listeners with TLS and with SASL, and access lists. Default false. */
  readonly secure?: boolean;
  /** Where the ports begin. Default: some that are free. */
  readonly portBase?: number;
  /** Where the cluster keeps its files, all of which `stop` removes. Default: a new folder for temporary files. */
  readonly folder?: string;
  /** Lets the cluster live on when this program ends. Default false. */
  readonly detached?: boolean;
  /** Full compilation and more memory, for measurements. Default false. */
  readonly benchmark?: boolean;
  /** Broker properties, in Kafka's own names. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Starts a cluster and resolves once every broker knows all of them. */
export async function startKafka(options: StartOptions = {}): Promise<RealKafka> {
  const { nodes = 1, secure = false, detached = false, benchmark = false, properties = {} } = options;
  const [portBase] = await Promise.all([choosePorts(nodes, secure, options.portBase), checkJava(), kafkaClassPath(kafkaVersion)]);
  if (!benchmark) await makeClassArchive(kafkaVersion);
  if (options.folder !== undefined) await mkdir(options.folder, { recursive: true });
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'real-kafka-')));
  const clusterId = randomBytes(16).fill(0x4b, 0, 1).toString('base64url'); // never begins with '-', which Kafka's tools refuse
  const plan: ClusterPlan = { folder, version: kafkaVersion, clusterId, nodes, secure, portBase, benchmark, properties };
  await writeFile(planFile(folder), JSON.stringify(plan, undefined, 2));
  const release = detached ? () => {} : guard(folder);
  const cluster = new RealKafka(plan, secure ? await makeTls(plan) : undefined, release);
  try {
    await Promise.all(cluster.nodes.map((node) => prepareNode(plan, node)));
    await Promise.all(cluster.nodes.map((node) => launchNode(plan, node)));
    await Promise.all(cluster.nodes.map((node) => nodeIsReady(plan, node, nodes)));
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** A running cluster, by its run folder: whoever started it. */
export async function openKafka(folder: string): Promise<RealKafka> {
  const plan = JSON.parse(await readFile(planFile(folder), 'utf8')) as ClusterPlan;
  return new RealKafka(plan, plan.secure ? await readCertificates(tlsFolder(plan)) : undefined);
}

/** A real Apache Kafka on this machine. */
export class RealKafka {
  readonly plan: ClusterPlan;
  /** PEM texts; undefined unless the cluster is secure. */
  readonly tls: Certificates | undefined;
  /** The SASL user; undefined unless the cluster is secure. OAUTHBEARER takes unsecured tokens of any subject. */
  readonly sasl: { readonly username: string; readonly password: string; readonly mechanisms: readonly string[] } | undefined;
  #release: () => void;

  constructor(plan: ClusterPlan, tls: Certificates | undefined, release: () => void = () => {}) {
    this.plan = plan;
    this.tls = tls;
    this.sasl = plan.secure ? { ...saslUser, mechanisms: saslMechanisms } : undefined;
    this.#release = release;
  }

  /** The node ids: 1, 2, ... */
  get nodes(): number[] {
    return Array.from({ length: this.plan.nodes }, (_, i) => i + 1);
  }

  /** The plaintext addresses, for a client's bootstrap. */
  get bootstrap(): string {
    return this.addresses('PLAINTEXT');
  }

  /** The addresses of one listener: `PROXIED` sends clients to a fault proxy, `MTLS` wants a client certificate. */
  addresses(listener: Listener): string {
    return this.nodes.map((node) => `${host}:${this.port(listener, node)}`).join(',');
  }

  port(listener: Listener, node: number): number {
    return portOf(listener, this.plan.portBase, node);
  }

  /** Where PROXIED sends the clients of this node: listen here, forward to `port('PROXIED', node)`, and you see every byte. */
  proxyPort(node: number): number {
    return proxyPortOf(this.plan.portBase, node);
  }

  isRunning(node: number): boolean {
    return nodePid(this.plan, node) !== undefined;
  }

  /** Ends the node as a power cut does (SIGKILL). Its log stays. */
  async kill(node: number): Promise<void> {
    await endNode(this.plan, node, 'SIGKILL');
  }

  /** Stops the node in the middle of what it does, its connections open (SIGSTOP). */
  pause(node: number): void {
    signalNode(this.plan, node, 'SIGSTOP');
  }

  /** Lets a paused node go on (SIGCONT). */
  resume(node: number): void {
    signalNode(this.plan, node, 'SIGCONT');
  }

  /** Shuts the node down in good order if it runs, and starts it again with its log. */
  async restart(node: number): Promise<void> {
    await endNode(this.plan, node, 'SIGTERM');
    await launchNode(this.plan, node);
    await nodeIsReady(this.plan, node, 1);
  }

  /** Runs one of Kafka's command line tools on this cluster, such as `TopicCommand` with `--list`. */
  tool(name: string, args: readonly string[], options?: ProgramOptions): Promise<ProgramResult> {
    return runTool(this.plan.version, name, ['--bootstrap-server', this.bootstrap, ...args], options);
  }

  /** Ends the cluster at once and removes its files. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => endNode(this.plan, node, 'SIGKILL')));
    await rm(this.plan.folder, { recursive: true, force: true });
    this.#release();
  }

  /** As `stop`: `await using kafka = await startKafka()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

const planFile = (folder: string): string => join(folder, 'cluster.json');

async function choosePorts(nodes: number, secure: boolean, portBase: number | undefined): Promise<number> {
  if (portBase === undefined) return freePortBase(nodes, secure);
  const port = await takenPort(portBase, nodes, secure);
  if (port === undefined) return portBase;
  throw new Error(`port ${port} on ${host} is taken by another program: end that one, or choose another port base than ${portBase}`);
}

async function prepareNode(plan: ClusterPlan, node: number): Promise<void> {
  await mkdir(nodeFolder(plan, node), { recursive: true });
  await writeFile(join(nodeFolder(plan, node), 'server.properties'), serverProperties(plan, node));
  await formatNode(plan, node);
}

async function makeTls(plan: ClusterPlan): Promise<Certificates> {
  await makeCertificates(tlsFolder(plan));
  return readCertificates(tlsFolder(plan));
}

/** Starts the process that ends the cluster after this one; gives the function that lets that process go. */
function guard(folder: string): () => void {
  const script = fileURLToPath(new URL('guard.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  const pipe = child.stdin as typeof child.stdin & { unref(): void };
  pipe.unref();
  return () => pipe.end();
}
