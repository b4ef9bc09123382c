import { abortTransaction, describeProducers, describeTransactions, fenceProducers, type ListedTransaction, listTransactions, type ProducerState, type TransactionDescription, type TransactionState, valuesOf } from '@tskafka/core'; // prettier-ignore
import { command } from '../frame/command.ts';
import { Failure } from '../frame/failure.ts';
import { duration, wholeNumber } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { partitionName } from '../topics/topic-partitions.ts';

const listColumns: readonly Column<ListedTransaction>[] = [
  { name: 'transactionalId', value: ({ transactionalId }) => transactionalId },
  { name: 'state', value: ({ state }) => state },
  { name: 'producerId', value: ({ producerId }) => producerId, isId: true },
];

/** `tskafka transactions list`. Java: kafka-transactions.sh list. */
export const transactionsList = command<{ state?: TransactionState[]; longerThan?: number }>({
  options: [
    { flags: '--state <state>', text: 'only transactions in this state, such as Ongoing or CompleteCommit', repeat: true },
    { flags: '--longer-than <time>', text: 'only transactions that have been open for this long', parse: duration },
  ],
  examples: ['tskafka transactions', 'tskafka transactions --state Ongoing --longer-than 10m'],
  async run({ connect, rows, fail, signal }, { state, longerThan }) {
    const wanted = { ...(state && { states: state }), ...(longerThan !== undefined && { minDurationMs: longerThan }) };
    const { transactions, errors } = await listTransactions(await connect(), { ...wanted, signal });
    await rows(listColumns, transactions, { empty: 'no transaction matches' });
    for (const error of errors.values()) await fail(error);
  },
});

type Described = TransactionDescription & { readonly transactionalId: string };

const describeColumns: readonly Column<Described>[] = [
  ...(listColumns as readonly Column<Described>[]),
  { name: 'epoch', value: ({ producerEpoch }) => producerEpoch },
  { name: 'coordinator', value: ({ coordinator }) => coordinator, isId: true },
  { name: 'timeoutMs', value: ({ timeoutMs }) => timeoutMs },
  { name: 'started', value: ({ startedAt }) => (startedAt === undefined ? null : new Date(startedAt).toISOString()) },
  { name: 'partitions', value: ({ partitions }) => partitions.map(partitionName) },
];

/** `tskafka transactions describe`. Java: kafka-transactions.sh describe. */
export const transactionsDescribe = command<object, [ids: string[]]>({
  arguments: [['<transactional-id...>', 'which']],
  examples: ['tskafka transactions describe billing-0', 'tskafka transactions describe billing-0 billing-1 --json'],
  async run({ connect, rows, told, signal }, _, ids) {
    const found = await told(await describeTransactions(await connect(), ids, { signal }));
    await rows(
      describeColumns,
      [...found].map(([transactionalId, transaction]) => ({ transactionalId, ...transaction })),
    );
  },
});

const producerColumns: readonly Column<ProducerState>[] = [
  { name: 'producerId', value: ({ producerId }) => producerId, isId: true },
  { name: 'epoch', value: ({ producerEpoch }) => producerEpoch },
  { name: 'lastSequence', value: ({ lastSequence }) => lastSequence },
  { name: 'lastWrite', value: ({ lastTimestamp }) => (lastTimestamp < 0 ? null : new Date(lastTimestamp).toISOString()) },
  { name: 'coordinatorEpoch', value: ({ coordinatorEpoch }) => coordinatorEpoch },
  { name: 'openFrom', value: ({ transactionStart }) => transactionStart },
];

/** `tskafka transactions producers`. Java: kafka-transactions.sh describe-producers. */
export const transactionsProducers = command<object, [topic: string, partition: number]>({
  arguments: [['<topic>', 'the topic'], ['<partition>', 'one of its partitions']], // prettier-ignore
  examples: ['tskafka transactions producers orders 0'],
  async run({ connect, rows, signal }, _, topic, partition) {
    const at = { topic, partition: wholeNumber(String(partition), 'a partition') };
    const told = valuesOf(await describeProducers(await connect(), [at], { signal })).get(at)!;
    await rows(producerColumns, told, { empty: 'no idempotent producer has written to it recently' });
  },
});

/** `tskafka transactions abort`: ends one that its coordinator does not know (KIP-664). Java: kafka-transactions.sh abort. */
export const transactionsAbort = command<{ execute?: boolean }, [topic: string, partition: number, producerId: number]>({
  arguments: [
    ['<topic>', 'the topic in which it hangs'],
    ['<partition>', 'the partition'],
    ['<producer-id>', 'the id of the producer, from tskafka transactions producers'],
  ],
  changes: true,
  examples: ['tskafka transactions abort orders 0 4711', 'tskafka transactions abort orders 0 4711 --execute'],
  async run({ connect, change, signal }, { execute }, topic, partition, producer) {
    const at = { topic, partition: wholeNumber(String(partition), 'a partition') };
    const producerId = wholeNumber(String(producer), 'a producer id');
    const client = await connect();
    const told = valuesOf(await describeProducers(client, [at], { signal })).get(at)!;
    const open = told.find((one) => one.producerId === producerId && one.transactionStart !== undefined);
    if (open === undefined) {
      throw new Failure(`producer ${producerId} has no transaction open in ${topic}/${at.partition}`, {
        hint: `tskafka transactions producers ${topic} ${at.partition} shows which are`,
      });
    }
    const { transactions } = await listTransactions(client, { producerIds: [producerId], signal });
    const known = transactions.find(({ state }) => state === 'Ongoing' || state.startsWith('Prepare'));
    if (known !== undefined) {
      throw new Failure(`the transaction of producer ${producerId} does not hang: its coordinator knows it`, {
        cause: `${known.transactionalId} is ${known.state}; to end it in one partition only would tear it apart`,
        hint: `tskafka transactions fence ${known.transactionalId} aborts all of it`,
      });
    }
    await change<ProducerState>({
      columns: producerColumns,
      rows: [open],
      would: `abort the transaction of producer ${producerId} in ${topic}/${at.partition}`,
      execute,
      apply: async ([one]) => {
        await abortTransaction(client, { ...at, ...one! }, { signal });
        return [undefined];
      },
    });
  },
});

/** `tskafka transactions fence`. Java: kafka-transactions.sh forceTerminateTransaction. */
export const transactionsFence = command<{ execute?: boolean }, [ids: string[]]>({
  arguments: [['<transactional-id...>', 'which']],
  changes: true,
  examples: ['tskafka transactions fence billing-0', 'tskafka transactions fence billing-0 --execute'],
  async run({ connect, change, signal }, { execute }, ids) {
    const client = await connect();
    const told = await describeTransactions(client, ids, { signal });
    for (const result of told.values()) if (result instanceof Error) throw result;
    await change<Described>({
      columns: describeColumns,
      rows: [...valuesOf(told)].map(([transactionalId, transaction]) => ({ transactionalId, ...transaction })),
      would: `abort what is open of ${ids.join(', ')}, and fence whoever writes under ${ids.length === 1 ? 'it' : 'them'}`,
      execute,
      async apply(all) {
        const results = await fenceProducers(client, ids, { signal });
        return all.map(({ transactionalId }) => {
          const result = results.get(transactionalId);
          return result instanceof Error ? result : undefined;
        });
      },
    });
  },
});
