import { nextTurn } from '@tskafka/core/internal';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addressOf } from '../address.ts';
import { broker } from '../broker.ts';
import { topicWith, tskafka } from './tskafka.ts';
import { within } from './within.ts';

/** An address where the cluster answers, and names brokers that cannot be reached from here. */
async function badlyAdvertised(): Promise<string> {
  if (broker.kafka !== undefined) return broker.kafka.addresses('PROXIED').split(',')[0]!; // nobody stands where it sends its clients
  // The mock in this process has names for its brokers that no resolver knows.
  const address = addressOf(broker.bootstrap.split(',')[0]!);
  const server = createServer((socket) => {
    const ended = new AbortController();
    const events = { data: (chunk: Buffer) => void socket.write(chunk), drain: () => {}, close: () => void socket.destroy() };
    const stream = broker.transport!.connect(address, events, ended.signal);
    socket.on('data', (chunk) => void stream.then((opened) => opened.write([chunk])));
    socket.on('close', () => void stream.then((opened) => opened.destroy()));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** An address whose packets are dropped without a word: the queue of a listener that is asleep is full. */
async function blackHole(): Promise<string> {
  const program = `const s = require('net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => process.stdout.write(String(s.address().port)))`;
  const listener = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(listener.stdout, 'data')) as [Buffer];
  const port = Number(line);
  listener.kill('SIGSTOP');
  const waiting: Socket[] = [];
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy();
    listener.kill('SIGKILL');
  });
  // It is full when somebody is not let in. The system answers at once who is, and this process hears of it when it looks.
  for (let isFull = false; !isFull;) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    waiting.push(socket);
    await sleep(300);
    await nextTurn();
    isFull = socket.connecting;
  }
  return `127.0.0.1:${port}`;
}

describe('tskafka and brokers that it does not reach', () => {
  it.each(['consume', 'tail', 'produce', 'offsets', 'topic describe', 'copy'])(
    '%s: the cluster names addresses that cannot be reached',
    async (command) => {
      const topic = await topicWith('x\n');
      const to = command === 'copy' ? ` ${await topicWith('')}` : '';
      const brokers = await badlyAdvertised();
      const { stdout, stderr, code } = await within(1000, () => tskafka(`${command} ${topic}${to}`, { brokers, input: 'y\n' }));
      expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
      expect(stderr).toMatch(
        new RegExp(
          `^error: ${brokers} answers, but the addresses that the cluster gives for its brokers do not\ncause: .+: .*(nothing listens there|host name|name server).*\nhint: {2}set advertised\\.listeners of the brokers to addresses that this machine can reach\n$`,
        ),
      );
    },
  );

  it('doctor names the broker whose address cannot be reached', async () => {
    const { stdout, code } = await within(2000, async () => tskafka('doctor', { brokers: await badlyAdvertised() }));
    expect(code).toBe(4);
    expect(stdout).toMatch(/^✗ (name|tcp) +broker 1 at /m);
    expect(stdout).toContain('advertised.listeners');
  });

  it.runIf(process.platform === 'linux').each(['topics', 'consume orders', 'produce orders'])(
    '%s: packets are dropped, so it ends with the time to connect',
    async (args) => {
      const brokers = await blackHole();
      const { stdout, stderr, code } = await within(4000, () => tskafka(args, { brokers, input: 'x\n' }));
      expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
      expect(stderr).toMatch(
        new RegExp(
          `^error: cannot reach Kafka at ${brokers}\ncause: no answer within 3000 ms.*\nhint: {2}.*tskafka doctor -b ${brokers}\n$`,
        ),
      );
    },
  );

  it.runIf(process.platform === 'linux')('-X socket.connection.setup.timeout.ms makes that shorter', async () => {
    const brokers = await blackHole();
    const { code } = await within(1000, () => tskafka('topics -X socket.connection.setup.timeout.ms=300', { brokers }));
    expect(code).toBe(4);
  });
});
