import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClassPath } from './jars.ts';
import { quickJava } from './java.ts';
import { host, portOf } from './ports.ts';
import { missing, runOrThrow } from './programs.ts';
import { nodeFolder, saslUser, type ClusterPlan } from './properties.ts';
import { aliveBrokers } from './ready.ts';

/** One broker process. Its process id is in the run folder, so that another program can stop what this one started. */

const startTimeoutMs = 60_000;

/** Gives the node its empty log folder, and the SASL users that it knows from its first moment. */
export async function formatNode(plan: ClusterPlan, node: number): Promise<void> {
  const { username, password } = saslUser;
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((name) => ['--add-scram', `${name}=[name=${username},password=${password}]`]);
  const args = ['format', '-t', plan.clusterId, '-c', join(nodeFolder(plan, node), 'server.properties'), ...(plan.secure ? users : [])];
  await runOrThrow('java', [...(await quickJava(plan.version)), 'kafka.tools.StorageTool', ...args]);
}

/** Starts the node's process, with these options of Java's too. It lives on when this program ends: the guard or `stop` ends it. */
export async function launchNode(plan: ClusterPlan, node: number, options: readonly string[] = []): Promise<void> {
  const folder = nodeFolder(plan, node);
  const java = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true', ...options];
  if (plan.benchmark) java.push('-Xms1g', '-Xmx1g', '-cp', await kafkaClassPath(plan.version));
  else java.push('-Xms256m', '-Xmx512m', ...(await quickJava(plan.version)));
  java.push('kafka.Kafka', join(folder, 'server.properties'));
  const log = await open(join(folder, 'log'), 'a');
  const child = spawn('java', java, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.on('error', () => {}); // also reported by the await below
  try {
    await once(child, 'spawn').catch(() => {
      throw missing('java');
    });
    await writeFile(join(folder, 'pid'), `${child.pid}`);
    child.unref();
  } finally {
    await log.close();
  }
}

/** Resolves once the node answers and knows at least so many living brokers, itself among them. */
export async function nodeIsReady(plan: ClusterPlan, node: number, brokers: number): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    const ids = await aliveBrokers(host, portOf('PLAINTEXT', plan.portBase, node));
    if (ids?.includes(node) && ids.length >= brokers) return;
    if (nodePid(plan, node) === undefined) break;
    await sleep(50);
  }
  const log = join(nodeFolder(plan, node), 'log');
  const end = existsSync(log) ? (await readFile(log, 'utf8')).split('\n').slice(-20).join('\n') : '';
  throw new Error(`node ${node} did not start; the end of ${log}:\n${end}`);
}

/** The node's process id; undefined when it is not running. */
export function nodePid(plan: ClusterPlan, node: number): number | undefined {
  const file = join(nodeFolder(plan, node), 'pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  return isOurs(pid, nodeFolder(plan, node)) ? pid : undefined;
}

/** Sends the node's process a signal. False: it is not running. */
export function signalNode(plan: ClusterPlan, node: number, signal: NodeJS.Signals): boolean {
  const pid = nodePid(plan, node);
  if (pid === undefined) return false;
  process.kill(pid, signal);
  return true;
}

/** Ends the node's process with this signal and waits until it is gone, with its connections. */
export async function endNode(plan: ClusterPlan, node: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const pid = nodePid(plan, node);
  if (pid === undefined || !signalNode(plan, node, signal)) return;
  if (signal === 'SIGTERM') signalNode(plan, node, 'SIGCONT'); // a paused process would never see it
  const deadline = Date.now() + startTimeoutMs;
  while (nodePid(plan, node) !== undefined || !hasEnded(pid)) {
    if (Date.now() > deadline) throw new Error(`node ${node} did not end on ${signal}`);
    await sleep(20);
  }
}

/** Whether all of a process has ended. Its command line is gone first: while the last thread ends, its ports are still open. */
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync('/proc/self/stat')) return false;
    const [state] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!;
    return state === 'Z' && readdirSync(`/proc/${pid}/task`).length === 1;
  } catch {
    return true; // no such process
  }
}

/** A process id may have passed on to a stranger: ours names its own folder on its command line. */
function isOurs(pid: number, folder: string): boolean {
  try {
    const command = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
    return command.includes(join(folder, 'server.properties'));
  } catch {
    return false; // no such process
  }
}
