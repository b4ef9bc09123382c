/** A program that stops itself in its tracks in the middle of something (SIGSTOP), and goes on when it is told to. It says line by line what happens to it. */
import { BalancedConsumer, type BalancedConsumerOptions, KafkaClient } from '@tskafka/consumer';
import { KafkaError } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';

/** What the program is told to do, and where it stops. */
export interface SuspendedPlan {
  readonly does: 'transaction' | 'produce' | 'poll' | 'revoke';
  readonly brokers: string;
  readonly topic: string;
  /** A transactional id, or a group. */
  readonly id: string;
  readonly member?: Omit<BalancedConsumerOptions, 'consumerGroup'>;
}

const { does, brokers, topic, id, member } = JSON.parse(process.argv[2]!) as SuspendedPlan;

/** Written at once, so that it is said before this program stops. */
const say = (...words: unknown[]): void => void writeSync(1, `${words.join(' ')}\n`);

function suspend(): void {
  say('stops');
  process.kill(process.pid, 'SIGSTOP');
}

await using client = await KafkaClient.connect({ brokers, ...(does === 'produce' && { requestTimeoutMs: 1000 }) });

const all: Readonly<Record<SuspendedPlan['does'], () => Promise<void>>> = {
  async transaction() {
    await using producer = await Producer.start(client, { transactionalId: id, transactionTimeoutMs: 4000 });
    for (const attempt of [0, 1]) {
      await using transaction = await producer.transaction();
      await transaction.send({ topic, value: `${attempt} before` });
      if (attempt === 0) suspend();
      const outcome = transaction.send({ topic, value: `${attempt} after` }).then(() => transaction.commit());
      const error = await outcome.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
      say(attempt, error instanceof KafkaError ? `refused, ${error.persistence}: ${error.message}` : (error ?? 'committed'));
    }
  },

  async produce() {
    const fates: [value: string, fate: string][] = [];
    await using producer = await Producer.start(client, {
      deliveryTimeoutMs: 1500,
      batchBytes: 1000,
      onDelivery: ({ message: { value }, error }) => {
        fates.push([String(value), error === undefined ? 'delivered' : ((error as KafkaError).persistence ?? 'unclear')]);
      },
    });
    await producer.send({ topic, partition: 0, value: 'first' });
    const produce = (from: number, end: number): void => {
      for (let i = from; i < end; i++) void producer.produce({ topic, partition: 0, value: `${i}`.padEnd(100) });
    };
    produce(0, 300);
    await turn(); // what may go out is on its way
    suspend();
    produce(300, 320);
    await producer.flush();
    say(JSON.stringify(fates));
  },

  async poll() {
    // What is written while this program is stopped answers the poll: it lies in the socket when the program goes on.
    const options = { ...memberOptions(), autoCommitEnable: true, fetchWaitMaxMs: 25_000 };
    await using consumer = await BalancedConsumer.start(client.topic(topic), options);
    for (let taken = 1; ; taken++) {
      const { partition, value } = (await consumer.consume())!;
      say('read', partition, value);
      if (taken === 2) {
        const next = consumer.consume(); // a long poll is under way
        await turn();
        suspend();
        const late = (await next)!;
        say('read', late.partition, late.value);
      }
    }
  },

  async revoke() {
    await using consumer = await BalancedConsumer.start(client.topic(topic), {
      ...memberOptions(),
      onRevoked: (partitions) => {
        say('revoking', partitions.map(({ partition }) => partition).join());
        suspend();
      },
    });
    for await (const { partition, value } of consumer) say('read', partition, value);
  },
};

function memberOptions(): BalancedConsumerOptions {
  const tell =
    (what: string) =>
    (partitions: readonly { readonly partition: number }[]): void =>
      say(what, partitions.map(({ partition }) => partition).join());
  return { consumerGroup: id, ...member, onAssigned: tell('assigned'), onLost: tell('lost'), onRevoked: tell('revoked') };
}

await all[does]();
say('done');
