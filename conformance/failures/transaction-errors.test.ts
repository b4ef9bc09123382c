import { KafkaError, Producer, ProducerFencedError, type Transaction } from '@tskafka/producer';
import type { MockClusterOptions } from '@tskafka/testing';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

/**
 * What an answer with a code means:
 * - `again`: the request is repeated, and nobody hears of it.
 * - `abortable`: the call rejects with it; the transaction can be aborted, and the next one works.
 * - `over`: there is nothing left to end; a commit says that it was not committed, an abort is content, and the next one works.
 * - `refused`: the call rejects with it; made again, it works.
 * - `fenced`: another producer has the transactionalId.
 *
 * The codes are those that Java's TransactionManager tells apart. Where it is done for ever, here the next InitProducerId decides.
 */
type Meaning = 'again' | 'abortable' | 'over' | 'refused' | 'fenced';

const coordinator = ['COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS', 'CONCURRENT_TRANSACTIONS'] as const;
const producer = [
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_TXN_STATE',
] as const;
const access = ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'] as const;

type Code = Parameters<Scene['cluster']['fail']>[1][number];
type Row = readonly [code: Code, meaning: Meaning];
const rows = (meaning: Meaning, ...codes: readonly Code[]): Row[] => codes.map((code) => [code, meaning]);

describe.each<[string, MockClusterOptions['kafkaVersion']]>([
  ['the second version', undefined],
  ['the first version', '3.9'],
])('P28: the codes of transactions of %s', (_name, kafkaVersion) => {
  let scene: Scene;
  let copier: Producer;

  beforeEach(async () => {
    scene = await Scene.start({ topics: { orders: 1 }, ...(kafkaVersion !== undefined && { kafkaVersion }) });
    onTestFinished(() => scene[Symbol.asyncDispose]());
    await scene.connect();
    copier = new Producer(scene.client, { transactionalId: 'copier' });
    onTestFinished(() => within(copier.close()));
  });

  const within = <T>(promise: Promise<T>): Promise<T> => scene.settledWithin(promise, 200_000);
  const write = (transaction: Transaction, value: string) => within(transaction.send({ topic: 'orders', value }));
  const writeOffsets = (transaction: Transaction) =>
    within(transaction.sendOffsets({ consumerGroup: 'group', offsets: [{ topic: 'orders', partition: 0, offset: 7 }] }));

  async function begin(): Promise<Transaction> {
    await within(copier.start());
    return within(copier.transaction());
  }

  async function expectNextWorks(): Promise<void> {
    const next = await begin();
    await write(next, 'next');
    await within(next.commit());
    expect(scene.cluster.transaction('copier').state).toMatch(/^(Prepare|Complete)Commit$/);
  }

  it.each([
    ...rows('again', ...coordinator),
    ...rows('refused', ...access, 'INVALID_TRANSACTION_TIMEOUT', 'INVALID_REQUEST', 'TRANSACTION_ABORTABLE', 'UNKNOWN_SERVER_ERROR'),
    ...rows('fenced', 'INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'),
  ])('InitProducerId: %s: %s', async (code, meaning) => {
    const fault = scene.cluster.fail('InitProducerId', [code]);
    const starting = within(copier.start());
    if (meaning === 'again') await starting;
    else await expect(starting).rejects.toMatchObject(meaning === 'fenced' ? { name: 'ProducerFencedError' } : { errorName: code });
    expect(fault.fired).toBe(1);
    if (meaning === 'fenced') await expect(begin()).rejects.toThrow(ProducerFencedError);
    else await expectNextWorks();
  });

  const inside: readonly (readonly [api: 'AddPartitionsToTxn' | 'AddOffsetsToTxn' | 'TxnOffsetCommit' | 'Produce', code: Code, Meaning])[] =
    [
      ...[
        ...rows('again', ...coordinator, 'UNKNOWN_TOPIC_OR_PARTITION'),
        ...rows('abortable', ...producer, ...access, 'TOPIC_AUTHORIZATION_FAILED', 'TRANSACTION_ABORTABLE', 'INVALID_REQUEST'),
      ].map((row) => ['AddPartitionsToTxn', ...row] as const),
      ...[
        ...rows('again', ...coordinator),
        ...rows('abortable', ...producer, ...access, 'GROUP_AUTHORIZATION_FAILED', 'TRANSACTION_ABORTABLE', 'INVALID_REQUEST'),
      ].map((row) => ['AddOffsetsToTxn', ...row] as const),
      ...[
        ...rows('again', ...coordinator, 'UNKNOWN_TOPIC_OR_PARTITION', 'REQUEST_TIMED_OUT', 'UNSTABLE_OFFSET_COMMIT'),
        ...rows('abortable', ...producer, ...access, 'GROUP_AUTHORIZATION_FAILED', 'FENCED_INSTANCE_ID', 'TRANSACTION_ABORTABLE'),
        ...rows('abortable', 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'STALE_MEMBER_EPOCH', 'UNSUPPORTED_FOR_MESSAGE_FORMAT'),
      ].map((row) => ['TxnOffsetCommit', ...row] as const),
      ...[
        ...rows('again', 'NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS', 'CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS'),
        ...rows('abortable', ...producer, ...access, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'TRANSACTION_ABORTABLE', 'INVALID_RECORD'),
      ].map((row) => ['Produce', ...row] as const),
    ];
  const known = inside.filter(([api]) => kafkaVersion !== undefined || (api !== 'AddPartitionsToTxn' && api !== 'AddOffsetsToTxn'));

  it.each(known)('%s: %s: %s', async (api, code, meaning) => {
    const transaction = await begin();
    const fault = scene.cluster.fail(api, [code]);
    const written = write(transaction, 'a').then(() => writeOffsets(transaction));
    if (meaning === 'again') {
      await written;
      await within(transaction.commit());
    } else {
      await expect(written).rejects.toMatchObject({ errorName: code });
      await expect(within(transaction.commit())).rejects.toThrow('can only be aborted');
      await within(transaction.abort());
      expect(scene.cluster.transaction('copier').state).not.toBe('Ongoing');
    }
    expect(fault.fired).toBe(1);
    await expectNextWorks();
  });

  it.each([
    ...rows('again', ...coordinator),
    ...rows('over', ...producer),
    ...rows('abortable', ...access, 'TRANSACTION_ABORTABLE', 'INVALID_REQUEST'),
  ])('EndTxn of a commit: %s: %s', async (code, meaning) => {
    const transaction = await begin();
    await write(transaction, 'a');
    const fault = scene.cluster.fail('EndTxn', [code]);
    // The coordinator has done by itself what it says.
    if (meaning === 'over') scene.cluster.transaction('copier').abort();
    const committing = within(transaction.commit());
    if (meaning === 'again') await committing;
    if (meaning === 'over') {
      await expect(committing).rejects.toMatchObject({
        message: expect.stringContaining('was not committed'),
        persistence: 'not persisted',
      });
    }
    if (meaning === 'abortable') {
      await expect(committing).rejects.toMatchObject({ errorName: code });
      await within(transaction.abort());
    }
    expect(fault.fired).toBe(1);
    await expectNextWorks();
  });

  it.each([
    ...rows('again', ...coordinator),
    ...rows('over', ...producer),
    ...rows('refused', ...access, 'TRANSACTION_ABORTABLE', 'INVALID_REQUEST'),
  ])('EndTxn of an abort: %s: %s', async (code, meaning) => {
    const transaction = await begin();
    await write(transaction, 'a');
    const fault = scene.cluster.fail('EndTxn', [code]);
    if (meaning === 'over') scene.cluster.transaction('copier').abort();
    const aborting = within(transaction.abort());
    if (meaning === 'refused') await expect(aborting).rejects.toMatchObject({ errorName: code });
    else await aborting;
    expect(fault.fired).toBe(1);
    await expectNextWorks();
  });

  it('a coordinator that refuses the end each time is asked again before the next transaction', async () => {
    const transaction = await begin();
    await write(transaction, 'a');
    const fault = scene.cluster.fail(
      'EndTxn',
      Array.from({ length: 3 }, () => 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED' as const),
    );
    await expect(within(transaction.abort())).rejects.toThrow('AUTHORIZATION_FAILED');
    await expect(begin()).rejects.toThrow('AUTHORIZATION_FAILED');
    await expect(begin()).rejects.toThrow(KafkaError);
    expect(fault.fired).toBe(3);
    await expectNextWorks();
  });
});
