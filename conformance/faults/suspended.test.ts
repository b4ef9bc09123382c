import { BalancedConsumer, type KafkaClient } from '@tskafka/consumer';
import { alterConfigs, listTransactions, valuesOf } from '@tskafka/core';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProgramProcess } from '../../tools/chaos/program-process.ts';
import { broker } from '../broker.ts';
import { messagesOf, stored, take, useClient, write } from '../consumer/fixture.ts';
import { until } from '../until.ts';
import type { SuspendedPlan } from './suspended-program.ts';

/** A program that is stopped in its tracks, as by a laptop that is closed: to it no time passes, to the brokers it does. */

let client: KafkaClient;
useClient((connected) => (client = connected));

/** Starts the program; once it has stopped itself, `told` is what it has said. */
async function start(plan: Omit<SuspendedPlan, 'brokers' | 'topic'>, partitions = 1) {
  const topic = await broker.createTopic({ partitions });
  const brokers = await broker.overTcp();
  const program = new ProgramProcess(plan.does, join(import.meta.dirname, 'suspended-program.ts'), () => ({
    ...plan,
    brokers,
    topic: topic.name,
  }));
  onTestFinished(() => program.kill());
  const told = (): string[] => program.lines;
  const says = async (what: string, isTrue: (lines: string[]) => boolean): Promise<void> => {
    await until(what, () => Promise.resolve(isTrue(told())), 25_000).catch((error: Error) => {
      throw new Error(`${error.message}; the program has said:\n${program.words.join('')}`);
    });
  };
  program.start();
  return { topic, told, says, resume: () => program.resume() };
}

const stops = (lines: string[]): boolean => lines.includes('stops');
const isDone = (lines: string[]): boolean => lines.at(-1) === 'done';

it(
  'T2, P21: a program suspended in a transaction for too long learns that it was not committed, and its next one works',
  { timeout: 240_000 },
  async () => {
    const id = broker.freshName('suspended');
    const { topic, told, says, resume } = await start({ does: 'transaction', id });
    await says('it stops', stops);
    await until('its transaction is aborted', async () => {
      const { transactions } = await listTransactions(client, { states: ['CompleteAbort'] });
      return transactions.some(({ transactionalId }) => transactionalId === id);
    });
    resume();
    await says('it is done', isDone);
    expect(told()[1]).toMatch(/^0 refused, not persisted: .*longer than transactionTimeoutMs/);
    expect(told().slice(2)).toEqual(['1 committed', 'done']);
    expect((await messagesOf(client, topic.name)).map(({ value }) => String(value))).toEqual(['1 before', '1 after']);
  },
);

it(
  'T2, P8: a program suspended while sending reports the true result of each message, once, and duplicates none',
  { timeout: 240_000 },
  async () => {
    const { topic, told, says, resume } = await start({ does: 'produce', id: '' });
    await says('it stops', stops);
    const since = performance.now();
    await until('more than deliveryTimeoutMs has passed', () => Promise.resolve(performance.now() - since > 2000));
    resume();
    await says('it is done', isDone);
    const fates = (JSON.parse(told().at(-2)!) as [string, string][]).map(([value, fate]) => [Number(value), fate] as const);
    expect(fates.map(([number]) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: 320 }, (_, number) => number));
    const [first, ...log] = (await messagesOf(client, topic.name)).map(({ value }) => String(value));
    expect(first).toBe('first');
    const numbers = log.map(Number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    for (const [number, fate] of fates) {
      if (fate !== 'possibly persisted') expect(numbers.includes(number) ? 'delivered' : 'not persisted', `${number}`).toBe(fate);
    }
  },
);

describe.each([
  ['the classic protocol', { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'] }],
  ['the protocol of KIP-848', { groupProtocol: 'consumer' }],
] as const)('a member by %s that is stopped beyond its session', { timeout: 240_000 }, (_, { groupProtocol, ...more }) => {
  const member = groupProtocol === 'consumer' ? { groupProtocol } : { groupProtocol, ...more, heartbeatIntervalMs: 100 };
  // A busy machine stops programs for a while, too; the other one must not be taken for dead.
  const session = groupProtocol === 'consumer' ? {} : { sessionTimeoutMs: 3000 };

  it.each([
    ['in a long poll', 'poll'],
    ['in its onRevoked', 'revoke'],
  ] as const)('T2, G4, K2: %s has lost what it had, hands out nothing that another has, and joins anew', async (_where, does) => {
    const id = broker.freshName('suspended');
    valuesOf(await alterConfigs(client, [{ type: 'group', name: id, set: { 'consumer.session.timeout.ms': '3000', 'consumer.heartbeat.interval.ms': '500' } }])); // prettier-ignore
    const { topic, told, says, resume } = await start({ does, id, member: { ...member, ...session } }, 2);
    const writeBoth = async (value: string): Promise<void> => {
      for (const partition of [0, 1]) await write(topic, [value], partition);
    };
    await writeBoth('early');
    const reads = (lines: string[]): string[] => lines.filter((line) => line.startsWith('read'));
    await says('it has read', (lines) => reads(lines).length === 2);
    const other = new BalancedConsumer(client.topic(topic.name), { ...member, consumerGroup: id, autoCommitEnable: true });
    onTestFinished(() => other.close());
    if (does === 'poll') await says('it stops', stops);
    await other.start();
    if (does === 'revoke') await says('it stops', stops);
    await until('the other has all', () => Promise.resolve(other.assignment.length === 2), 25_000);
    await writeBoth('meanwhile');
    expect((await take(other, 4)).sort()).toEqual(['early', 'early', 'meanwhile', 'meanwhile']);

    const before = told().length;
    resume();
    await until('each has one', () => Promise.resolve(other.assignment.length === 1), 25_000);
    const moved = 1 - other.assignment[0]!.partition;
    await says('it has been assigned the other one', (lines) => lines.slice(before).includes(`assigned ${moved}`));
    await writeBoth('late');
    expect(await take(other, 1)).toEqual(['late']);
    await says('it has read on', (lines) => reads(lines).length > 2);
    expect(reads(told()).slice(2)).toEqual([`read ${moved} late`]);
    // What it was giving up when it was stopped is not lost: it has finished that.
    const given = told().flatMap((line) => (line.startsWith('revoking ') ? line.slice('revoking '.length).split(',') : []));
    const lost = ['0', '1'].filter((partition) => !given.includes(partition));
    expect(told().slice(before).filter((line) => line.startsWith('lost'))).toEqual(lost.length === 0 ? [] : [`lost ${lost.join()}`]); // prettier-ignore
    expect(await stored(id, topic, moved)).toBe(2);
  });
});
