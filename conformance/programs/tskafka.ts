import { broker } from '../broker.ts';
import { type Finished, run, type RunOptions } from './run.ts';

export interface CallOptions extends RunOptions {
  /** Default: the cluster of this run, without a login. */
  readonly brokers?: string;
}

/** Runs the command line as a user would. A list is taken as it is; a text is cut at its spaces. */
export async function tskafka(args: string | readonly string[], { brokers, ...options }: CallOptions = {}): Promise<Finished> {
  const environment = { TSKAFKA_BROKERS: brokers ?? (await broker.overTcp()), TSKAFKA_HOME: '/nowhere', ...options.env };
  return run('packages/cli/dist/main.js', typeof args === 'string' ? args.split(' ') : args, { ...options, env: environment });
}

/** A topic with these lines in its first partition. */
export async function topicWith(lines: string | Buffer, args = '', partitions = 2): Promise<string> {
  const { name } = await broker.createTopic({ partitions });
  const { code, stderr } = await tskafka(`produce ${name} -p 0${args}`, { input: lines });
  if (code !== 0) throw new Error(stderr);
  return name;
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
}

/** The rows that a command gives as JSON. */
export async function rowsOf(args: string): Promise<Record<string, unknown>[]> {
  return jsonLines((await tskafka(`${args} --json`)).stdout);
}
