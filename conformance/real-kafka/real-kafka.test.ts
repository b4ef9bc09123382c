import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startKafka } from '../../tools/real-kafka/cluster.ts';
import { run } from '../../tools/real-kafka/programs.ts';
import { broker } from '../broker.ts';
import { until } from '../until.ts';

/** What the tool of this repository promises to whoever starts a cluster with it. */

const main = fileURLToPath(new URL('../../tools/real-kafka/main.ts', import.meta.url));

it('leaves nothing behind when the program that started a cluster is killed', async () => {
  const cluster = JSON.stringify(fileURLToPath(new URL('../../tools/real-kafka/cluster.ts', import.meta.url)));
  const program = `
    const { startKafka } = await import(${cluster});
    const kafka = await startKafka();
    console.log(kafka.plan.folder);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const folder = line.toString().trim();
  const brokerIsRunning = async (): Promise<boolean> => (await run('ps', ['-eo', 'args'])).stdout.includes(`${folder}/node1`);
  expect(await brokerIsRunning()).toBe(true);
  child.kill('SIGKILL');
  await until('the broker is gone', async () => !(await brokerIsRunning()));
  await until('its files are gone', () => Promise.resolve(!existsSync(folder)));
});

it('names the port that another program holds, and starts nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await expect(startKafka({ portBase: port - 1 })).rejects.toThrow(`port ${port} on 127.0.0.1 is taken by another program`);
  server.close();
});

it('says what to install when Java is missing', async () => {
  const args = [main, 'start', '--name', broker.freshName('no-java'), '--port-base', '0'];
  const { stderr, code } = await run(process.execPath, args, { env: { ...process.env, PATH: '/nowhere' } });
  expect(code).toBe(1);
  expect(stderr).toBe(
    "'java' is not on the PATH: a real Kafka needs a JDK 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)\n",
  );
});

it("runs Kafka's own tools on the cluster", async () => {
  const { name } = await broker.createTopic({ partitions: 2 });
  const { stdout, code } = await broker.kafka!.tool('TopicCommand', ['--describe', '--topic', name]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`Topic: ${name}.*PartitionCount: 2`));
});
