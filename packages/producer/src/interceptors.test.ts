import { beforeEach, expect, it } from 'vitest';
import type { DeliveryReport } from './delivery-reports.ts';
import { intercepted, type ProducerInterceptor, withHeaders } from './interceptors.ts';
import type { ProducerMessage, Settler, TakeMessage } from './message.ts';

const metadata = { topic: 'orders', partition: 0, offset: 7, timestamp: 1 };
let taken: [ProducerMessage, Settler | undefined][];
let logged: unknown[];
let lost: Error[];

beforeEach(() => {
  [taken, logged, lost] = [[], [], []];
});

function taking(interceptors: readonly ProducerInterceptor<Uint8Array | string, Uint8Array | string>[], take?: TakeMessage): TakeMessage {
  const logger = { debug() {}, info() {}, error() {}, warn: (fields: unknown) => void logged.push(fields) };
  const keep: TakeMessage = (message, settler) => void taken.push([message, settler]);
  return intercepted({ interceptors, take: take ?? keep, logger, undelivered: (error) => void lost.push(error) });
}

const settlerInto = (told: unknown[]): Settler => ({
  resolve: (result) => void told.push(result),
  reject: (error) => void told.push(error),
});

it('hands a message from one to the next, and tells each what became of the one that was sent', () => {
  const reports: DeliveryReport[] = [];
  const first = {
    onSend: (message: ProducerMessage) => withHeaders(message, { trace: '1' }),
    onAcknowledgement: reports.push.bind(reports),
  };
  const second = { onSend: (message: ProducerMessage) => withHeaders(message, [['trace', '2']]) };
  const told: unknown[] = [];
  void taking([first, second])({ topic: 'orders', value: 'a', headers: { own: 'x' } }, settlerInto(told));
  const [sent, settler] = taken[0]!;
  expect(sent).toEqual({
    topic: 'orders',
    value: 'a',
    headers: [
      ['own', 'x'],
      ['trace', '1'],
      ['trace', '2'],
    ],
  });
  settler!.resolve(metadata);
  expect(told).toEqual([metadata]);
  expect(reports).toEqual([{ message: sent, metadata, error: undefined }]);
  expect(reports[0]!.message).toBe(sent);
});

it('tells of a failure, and what nobody else waits for is not lost', () => {
  const reports: DeliveryReport[] = [];
  const take = taking([{ onAcknowledgement: (report) => void reports.push(report) }]);
  const told: unknown[] = [];
  const error = new Error('no');
  void take({ topic: 'orders', value: 'a' }, settlerInto(told));
  void take({ topic: 'orders', value: 'b' }, undefined);
  for (const [, settler] of taken) settler!.reject(error);
  expect(reports.map((report) => report.error)).toEqual([error, error]);
  expect([told, lost]).toEqual([[error], [error]]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('too large');
    },
  ],
  ['rejects', () => Promise.reject(new Error('too large'))],
])('tells of a message that is not taken, where taking it %s', async (_name, take: TakeMessage) => {
  const reports: DeliveryReport[] = [];
  const through = taking([{ onAcknowledgement: (report) => void reports.push(report) }], take);
  await expect((async () => through({ topic: 'orders', value: 'a' }, undefined))()).rejects.toThrow('too large');
  expect(reports).toMatchObject([{ message: { value: 'a' }, error: { message: 'too large' } }]);
});

it('goes on past one that throws', () => {
  const bad = {
    onSend() {
      throw new Error('my mistake');
    },
    onAcknowledgement() {
      throw new Error('mine too');
    },
  };
  const told: unknown[] = [];
  void taking([bad, { onSend: (message) => ({ ...message, value: 'seen' }) }])({ topic: 'orders', value: 'a' }, settlerInto(told));
  const [sent, settler] = taken[0]!;
  expect(sent.value).toBe('seen');
  settler!.resolve(metadata);
  expect(told).toEqual([metadata]);
  expect(logged).toMatchObject([{ error: { message: 'my mistake' } }, { error: { message: 'mine too' } }]);
});
