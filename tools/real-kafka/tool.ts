import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { quickJava } from './java.ts';
import { run, type ProgramOptions, type ProgramResult } from './programs.ts';

/** Runs Kafka's own command line tools, the outside witnesses of the tests. */

/** Classes that do not live where most do. */
const packages: Readonly<Record<string, string>> = {
  ConfigCommand: 'kafka.admin',
  ConsoleConsumer: 'org.apache.kafka.tools.consumer',
  ConsoleShareConsumer: 'org.apache.kafka.tools.consumer',
  ConsumerGroupCommand: 'org.apache.kafka.tools.consumer.group',
  ShareGroupCommand: 'org.apache.kafka.tools.consumer.group',
  StorageTool: 'kafka.tools',
};

async function javaArguments(version: string, tool: string, args: readonly string[]): Promise<string[]> {
  const mainClass = tool.includes('.') ? tool : `${packages[tool] ?? 'org.apache.kafka.tools'}.${tool}`;
  return ['-Xmx256m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', ...(await quickJava(version)), mainClass, ...args];
}

/** Runs a tool to its end: `TopicCommand`, or a class by its full name. */
export async function runTool(version: string, tool: string, args: readonly string[], options?: ProgramOptions): Promise<ProgramResult> {
  return run('java', await javaArguments(version, tool, args), options);
}

/** Runs a tool on this program's own terminal, and gives its exit code. */
export async function runToolHere(version: string, tool: string, args: readonly string[]): Promise<number> {
  const child = spawn('java', await javaArguments(version, tool, args), { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
