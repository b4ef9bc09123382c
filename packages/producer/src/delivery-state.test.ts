import {
  AuthenticationError,
  BrokerError,
  ClosedError,
  NoBrokersAvailableError,
  SocketDisconnectedError,
  TimeoutError,
} from '@tskafka/core';
import { brokerError, errorCodes, isRetriable } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { deliveryError, leavesOpen, verdictOf } from './delivery-state.ts';

it.each([
  ['NOT_LEADER_OR_FOLLOWER', 'retry', 'retry', false],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'retry', 'retry', false],
  ['NOT_ENOUGH_REPLICAS', 'retry', 'retry', false],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retry', 'retry', true],
  ['REQUEST_TIMED_OUT', 'retry', 'retry', true],
  ['KAFKA_STORAGE_ERROR', 'retry', 'retry', true],
  ['CORRUPT_MESSAGE', 'retry', 'retry', false],
  ['DUPLICATE_SEQUENCE_NUMBER', 'delivered', 'delivered', false],
  ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'out of order', 'reject', false],
  ['UNKNOWN_PRODUCER_ID', 'out of order', 'reject', false],
  ['INVALID_PRODUCER_EPOCH', 'new producer id', 'reject', false],
  ['MESSAGE_TOO_LARGE', 'split', 'split', false],
  ['RECORD_LIST_TOO_LARGE', 'split', 'split', false],
  ['INVALID_RECORD', 'reject', 'reject', false],
  ['TOPIC_AUTHORIZATION_FAILED', 'reject', 'reject', false],
  ['UNKNOWN_SERVER_ERROR', 'reject', 'reject', true],
] as const)('%s: %s (not idempotent: %s); leaves open whether it was appended: %s', (name, idempotent, plain, open) => {
  const code = errorCodes[name];
  const recordCount = 2;
  expect(verdictOf(code, isRetriable(code), { idempotent: true, recordCount })).toBe(idempotent);
  expect(verdictOf(code, isRetriable(code), { idempotent: false, recordCount })).toBe(plain);
  expect(leavesOpen(code)).toBe(open);
});

it('P5: rejects a single record that is too large: there is nothing to split', () => {
  expect(verdictOf(errorCodes.MESSAGE_TOO_LARGE, false, { idempotent: true, recordCount: 1 })).toBe('reject');
});

it.each([
  [new SocketDisconnectedError('gone', { retriable: true }), SocketDisconnectedError],
  [new NoBrokersAvailableError('none', { retriable: true }), NoBrokersAvailableError],
  [new TimeoutError('late', { retriable: true }), TimeoutError],
  [new ClosedError('closed'), ClosedError],
  [new AuthenticationError('refused'), AuthenticationError],
  [brokerError(errorCodes.INVALID_RECORD, 'broker 1'), BrokerError],
])('stays the error that it is, with where and what became of the record: %s', (cause, errorClass) => {
  const error = deliveryError("Produce to 'orders' partition 3", cause, 'possibly persisted');
  expect(error).toBeInstanceOf(errorClass);
  expect(error).toMatchObject({ cause, retriable: cause.retriable, persistence: 'possibly persisted' });
  expect(error.message).toBe(`Produce to 'orders' partition 3: ${cause.message}; possibly persisted`);
});
