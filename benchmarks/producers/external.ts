import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaClassPath } from '../../tools/real-kafka/jars.ts';
import { run } from '../../tools/real-kafka/programs.ts';
import { kafkaVersion } from '../../tools/real-kafka/version.ts';
import { type Measurement, type Result, valueCount, valuesOf } from './measurement.ts';

// Yardsticks that are no Node.js clients. Processor time is the whole process' own, its start included.

/** kcat, by the time of the whole process: it says no other. */
export function measureKcat({ broker, topic, size, count, compression }: Measurement): Promise<Result> {
  return withFile(linesOf(size, count), async (file) => {
    const begin = performance.now();
    const options = ['-X', 'acks=all', '-X', 'linger.ms=5', '-z', compression, '-X', 'queue.buffering.max.messages=1000000'];
    const cpu = await timed('kcat', ['-P', '-b', broker, '-t', topic, '-l', file, ...options]);
    return { perSecond: (count / (performance.now() - begin)) * 1000, microsecondsPerMessage: (cpu.seconds * 1e6) / count };
  });
}

/** Java's own performance tool, which tells its rate without its start; `batch.size` as large as ours, for Java's 16 KiB hold it back. */
export function measureJava({ broker, topic, size, count, compression }: Measurement): Promise<Result> {
  return withFile(linesOf(size, valueCount), async (file) => {
    const properties = [`bootstrap.servers=${broker}`, 'acks=all', `compression.type=${compression}`, 'batch.size=262144', 'linger.ms=5'];
    const args = ['--topic', topic, '--num-records', `${count}`, '--throughput', '-1', '--payload-file', file];
    const main = 'org.apache.kafka.tools.ProducerPerformance';
    const java = ['-Xmx512m', '-cp', await kafkaClassPath(kafkaVersion), main, ...args, '--producer-props', ...properties];
    const { stdout, seconds } = await timed('java', java);
    const rate = [...stdout.matchAll(/records sent, ([\d.]+) records\/sec/g)].at(-1);
    return { perSecond: Number(rate![1]), microsecondsPerMessage: (seconds * 1e6) / count };
  });
}

function linesOf(size: number, count: number): Buffer {
  const values = valuesOf(size);
  const newline = Buffer.from('\n');
  return Buffer.concat(Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? values[(i / 2) % valueCount]! : newline)));
}

async function withFile(bytes: Buffer, use: (file: string) => Promise<Result>): Promise<Result> {
  const file = join(tmpdir(), `tskafka-values-${process.pid}`);
  await writeFile(file, bytes);
  try {
    return await use(file);
  } finally {
    await rm(file);
  }
}

/** A program, and the processor time that its shell saw it take. */
export async function timed(program: string, args: readonly string[]): Promise<{ stdout: string; seconds: number }> {
  const { stdout, stderr, code } = await run('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', program, ...args]);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  if (code !== 0 || user === undefined) throw new Error(`${program} failed: ${stderr.slice(0, 300)}`);
  return { stdout, seconds: Number(user) + Number(system) };
}
