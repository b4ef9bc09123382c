import { BrokerError, describeProducers, describeTopics, describeTransactions, listTransactions, type TransactionDescription } from '@tskafka/core'; // prettier-ignore
import { command } from '../frame/command.ts';
import { duration } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { hanging, type OpenTransaction } from '../transactions/hanging.ts';

const columns: readonly Column<OpenTransaction>[] = [
  ...partitionColumns,
  { name: 'producerId', value: ({ producer }) => producer.producerId, isId: true },
  { name: 'epoch', value: ({ producer }) => producer.producerEpoch },
  { name: 'coordinatorEpoch', value: ({ producer }) => producer.coordinatorEpoch },
  { name: 'openFrom', value: ({ producer }) => producer.transactionStart },
  { name: 'lastWrite', value: ({ producer }) => new Date(producer.lastTimestamp).toISOString() },
];

/** `tskafka transactions hanging`: those that nobody will end (KIP-664). Java: kafka-transactions.sh find-hanging. */
export const transactionsHanging = command<{ longerThan?: number }, [topics: string[]]>({
  arguments: [['[topic...]', 'only in these; without one in all']],
  options: [
    {
      flags: '--longer-than <time>',
      text: 'only those that have not been written to for so long: the longest that the brokers let a transaction take',
      parse: duration,
      default: 900_000,
      defaultText: '15m',
    },
  ],
  examples: ['tskafka transactions hanging', 'tskafka transactions hanging orders --longer-than 1h --json'],
  notes: 'Readers with read_committed wait before such a transaction. tskafka transactions abort TOPIC PARTITION PRODUCER-ID ends one.',
  async run({ connect, rows, fail, signal }, { longerThan = 900_000 }, names) {
    const client = await connect();
    const partitions: { topic: string; partition: number }[] = [];
    for (const topic of (await describeTopics(client, names.length === 0 ? 'all' : names, { signal })).values()) {
      if (topic instanceof Error) await fail(topic);
      else partitions.push(...topic.partitions.map(({ partition }) => ({ topic: topic.name, partition })));
    }
    const open: OpenTransaction[] = [];
    for (const [at, told] of await describeProducers(client, partitions, { signal })) {
      if (told instanceof Error) await fail(told);
      else {
        const old = told.filter((one) => one.transactionStart !== undefined && Date.now() - one.lastTimestamp > longerThan);
        open.push(...old.map((producer) => ({ ...at, producer })));
      }
    }
    const producerIds = [...new Set(open.map(({ producer }) => producer.producerId))];
    const listing = producerIds.length === 0 ? undefined : await listTransactions(client, { producerIds, signal });
    // A coordinator that does not tell may know them: nothing is said to hang then.
    for (const error of listing?.errors.values() ?? []) throw error;
    const listed = listing?.transactions ?? [];
    const ids = listed.map(({ transactionalId }) => transactionalId);
    const described = new Map<string, TransactionDescription | undefined>();
    for (const [id, told] of await describeTransactions(client, ids, { signal })) {
      const isGone = told instanceof BrokerError && told.errorName === 'TRANSACTIONAL_ID_NOT_FOUND';
      if (told instanceof Error && !isGone) throw told;
      described.set(id, told instanceof Error ? undefined : told);
    }
    await rows(columns, hanging(open, listed, described), { empty: 'no transaction hangs' });
  },
});
