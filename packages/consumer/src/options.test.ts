import { OffsetType } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { type ConsumerOptions, resolveConsumerOptions } from './options.ts';

const resolve = (options: object) => resolveConsumerOptions('SimpleConsumer', options as ConsumerOptions);

describe('the options of a consumer', () => {
  it('have the defaults that the documentation names', () => {
    expect(resolve({})).toMatchObject({
      autoOffsetReset: { kind: 'earliest' },
      resetOffsetOnStart: false,
      autoCommitEnable: false,
      autoCommitIntervalMs: 60_000,
      consumerTimeoutMs: Infinity,
      fetchMinBytes: 1,
      fetchWaitMaxMs: 500,
      fetchMessageMaxBytes: 1_048_576,
      fetchMaxBytes: 52_428_800,
      isolation: 'read_committed',
      checkCrcs: true,
      copyValues: false,
      closeTimeoutMs: 5000,
    });
  });

  it('take PyKafka’s numbers', () => {
    const options = { autoOffsetReset: OffsetType.LATEST, consumerTimeoutMs: -1, compactedTopic: true, queuedMaxMessages: 2000 };
    expect(resolve(options)).toMatchObject({ autoOffsetReset: { kind: 'latest' }, consumerTimeoutMs: Infinity, queuedMaxMessages: 2000 });
  });

  it.each([
    ['consumer_group', 'consumerGroup'],
    ['autoOffsetRest', 'autoOffsetReset'],
    ['groupId', 'consumerGroup'],
    ['eachMessage', undefined],
    ['fetchWaitMs', 'fetchWaitMaxMs'],
  ])('name the nearest one to %s, which does not exist', (name, nearest) => {
    const message = `SimpleConsumer has no option '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`;
    expect(() => resolve({ [name]: 1 })).toThrow(new TypeError(message));
  });

  it.each([
    [{ consumerGroup: '' }, TypeError],
    [{ consumerGroup: 7 }, TypeError],
    [{ autoOffsetReset: 'newest' }, TypeError],
    [{ autoOffsetReset: -3 }, RangeError],
    [{ autoCommitEnable: true }, TypeError],
    [{ autoCommitEnable: 'yes', consumerGroup: 'g' }, TypeError],
    [{ autoCommitIntervalMs: 0 }, RangeError],
    [{ consumerTimeoutMs: -2 }, RangeError],
    [{ consumerTimeoutMs: NaN }, RangeError],
    [{ queuedMaxMessages: 0 }, RangeError],
    [{ fetchMinBytes: -1 }, RangeError],
    [{ fetchMaxBytes: 0 }, RangeError],
    [{ fetchMessageMaxBytes: 1.5 }, RangeError],
    [{ isolation: 'committed' }, TypeError],
    [{ deserializer: 'json' }, TypeError],
    [{ until: 'never' }, TypeError],
  ])('refuse %j', (options, error) => {
    expect(() => resolve(options)).toThrow(error);
  });
});
