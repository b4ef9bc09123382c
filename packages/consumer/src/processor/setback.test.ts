import type { BrokerError } from '@tskafka/core';
import { ClosedError, KafkaError, ProducerFencedError, TimeoutError } from '@tskafka/core';
import { brokerError, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { isUnclear, remedyFor } from './setback.ts';

const code = (name: keyof typeof errorCodes): BrokerError => brokerError(errorCodes[name], 'it');

describe('after a transaction that failed', () => {
  it.each([
    ['again', code('ILLEGAL_GENERATION')],
    ['again', code('UNKNOWN_MEMBER_ID')],
    ['again', code('STALE_MEMBER_EPOCH')],
    ['again', code('REBALANCE_IN_PROGRESS')],
    ['again', code('TRANSACTION_ABORTABLE')],
    ['again', code('INVALID_PRODUCER_EPOCH')],
    ['again', code('NOT_COORDINATOR')],
    ['again', new TimeoutError('no answer', { retriable: true })],
    ['again', new KafkaError('it can only be aborted', { cause: code('NOT_LEADER_OR_FOLLOWER') })],
    ['another producer', new ProducerFencedError('another one has the id')],
    ['another producer', code('PRODUCER_FENCED')],
    ['another producer', new KafkaError('it can only be aborted', { cause: new ProducerFencedError('another one') })],
    ['give up', code('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')],
    ['give up', code('GROUP_AUTHORIZATION_FAILED')],
    ['give up', new ClosedError('the producer is closed')],
    ['give up', new TypeError('a bad message')],
  ] as const)('%s: %s', (remedy, error) => {
    expect(remedyFor(error)).toBe(remedy);
  });

  it.each([
    [true, new TimeoutError('no answer', { retriable: true, persistence: 'possibly persisted' })],
    [true, new ClosedError('nobody waited')],
    [false, new KafkaError('it was aborted', { persistence: 'not persisted' })],
  ])('it may have been committed: %s: %s', (unclear, error) => {
    expect(isUnclear(error)).toBe(unclear);
  });
});
