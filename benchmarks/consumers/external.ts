import { kafkaClassPath } from '../../tools/real-kafka/jars.ts';
import { kafkaVersion } from '../../tools/real-kafka/version.ts';
import { timed } from '../producers/external.ts';
import type { Result } from '../producers/measurement.ts';
import type { Reading } from './reading.ts';

// Yardsticks that are no Node.js clients. Processor time is the whole process' own, its start included.

/** kcat, by the time of the whole process: it says no other. It prints the length of each value. */
export async function readByKcat({ broker, topic, count, size }: Reading): Promise<Result> {
  const begin = performance.now();
  const { stdout, seconds } = await timed('kcat', ['-C', '-b', broker, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%S\n']);
  const perSecond = (count / (performance.now() - begin)) * 1000;
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== count || lines.some((line) => line !== `${size}`)) return { error: `kcat read ${lines.length} messages` };
  return { perSecond, microsecondsPerMessage: (seconds * 1e6) / count };
}

/** Java's own performance tool, by the rate that it tells, which leaves out joining the group. */
export async function readByJava({ broker, topic, count, size }: Reading): Promise<Result> {
  const main = 'org.apache.kafka.tools.ConsumerPerformance';
  const what = ['--bootstrap-server', broker, '--topic', topic, '--num-records', `${count}`, '--group', `bench-${Date.now()}`];
  const { stdout, seconds } = await timed('java', ['-Xmx512m', '-cp', await kafkaClassPath(kafkaVersion), main, ...what]);
  const columns = stdout.trim().split('\n').at(-1)!.split(',').map(Number);
  const [megabytes, records, fetchRate] = [columns[2]!, columns[4]!, columns[9]!];
  if (records !== count || Math.abs(megabytes * 2 ** 20 - count * size) > count) return { error: `Java read ${records} messages` };
  return { perSecond: fetchRate, microsecondsPerMessage: (seconds * 1e6) / count };
}
