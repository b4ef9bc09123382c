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
  arguments: [['[topic...]', 'the topics (default: all)']],
  options: [
    {
      flags: '--longer-than <time>',
      text: 'only those without writes for this long: the longest that the brokers let a transaction take',
      parse: duration,
      default: 900_000,
      defaultText: '15m',
    },
  ],
  examples: ['tskafka transactions hanging', 'tskafka transactions hanging orders --longer-than 1h --json'],
  notes: 'Readers with read_committed wait for such a transaction. tskafka transactions abort TOPIC PARTITION PRODUCER-ID ends it.',
  async run({ connect, rows, told, signal }, { longerThan = 900_000 }, names) {
    const client = await connect();
    const topics = await told(await describeTopics(client, names.length === 0 ? 'all' : names, { signal }));
    const partitions = [...topics].flatMap(([topic, { partitions: all }]) => all.map(({ partition }) => ({ topic, partition })));
    const open = [...(await told(await describeProducers(client, partitions, { signal })))].flatMap(
      ([at, producers]): OpenTransaction[] => {
        const old = producers.filter((one) => one.transactionStart !== undefined && Date.now() - one.lastTimestamp > longerThan);
        return old.map((producer) => ({ ...at, producer }));
      },
    );
    const producerIds = [...new Set(open.map(({ producer }) => producer.producerId))];
    const listing = producerIds.length === 0 ? undefined : await listTransactions(client, { producerIds, signal });
    // A coordinator that does not tell may know them: nothing is said to hang then.
    for (const error of listing?.errors.values() ?? []) throw error;
    const listed = listing?.transactions ?? [];
    const ids = listed.map(({ transactionalId }) => transactionalId);
    const described = new Map<string, TransactionDescription | undefined>();
    for (const [id, result] of await describeTransactions(client, ids, { signal })) {
      const isGone = result instanceof BrokerError && result.errorName === 'TRANSACTIONAL_ID_NOT_FOUND';
      if (result instanceof Error && !isGone) throw result;
      described.set(id, result instanceof Error ? undefined : result);
    }
    await rows(columns, hanging(open, listed, described), { empty: 'there are no hanging transactions' });
  },
});
