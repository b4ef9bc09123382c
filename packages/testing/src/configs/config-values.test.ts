import { describe, expect, it } from 'vitest';
import { brokerConfigs } from './broker-configs.ts';
import { durationMs, normalized, valueError } from './config-values.ts';
import { groupConfigDefinitions } from './group-configs.ts';
import { topicConfigs } from './topic-configs.ts';

// The words of Kafka 4.3.1.
describe('valueError', () => {
  const errorOf = (name: string, value: string) =>
    valueError(name, value, (topicConfigs.get(name) ?? groupConfigDefinitions.get(name) ?? brokerConfigs.get(name))!);

  it.each([
    ['retention.ms', '-1'],
    ['retention.ms', ' +5 '],
    ['retention.ms', '9223372036854775807'],
    ['cleanup.policy', 'compact,delete'],
    ['cleanup.policy', 'compact, compact'],
    ['cleanup.policy', ''],
    ['min.cleanable.dirty.ratio', '0.5'],
    ['preallocate', 'TRUE'],
    ['compression.gzip.level', '-1'],
    ['leader.replication.throttled.replicas', '*'],
    ['leader.replication.throttled.replicas', '0:1, 1:2'],
    ['share.auto.offset.reset', 'by_duration:PT1H'],
    ['group.consumer.migration.policy', 'Upgrade'],
  ])('allows %s=%s', (name, value) => {
    expect(errorOf(name, value)).toBeUndefined();
  });

  it.each([
    ['retention.ms', 'abc', 'Not a number of type LONG'],
    ['retention.ms', '-2', 'Value must be at least -1'],
    ['cleanup.policy', 'abc', 'String must be one of: compact, delete'],
    ['min.insync.replicas', '0', 'Value must be at least 1'],
    ['compression.type', 'foo', 'String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer'],
    ['compression.gzip.level', '11', 'Value must be between 1 and 9 or equal to -1'],
    ['preallocate', 'maybe', 'Expected value to be either true or false'],
    ['max.message.bytes', '99999999999', 'Not a number of type INT'],
    ['share.isolation.level', 'x', 'String must be one of: read_committed, read_uncommitted'],
  ])('refuses %s=%s', (name, value, reason) => {
    expect(errorOf(name, value)).toBe(`Invalid value ${value} for configuration ${name}: ${reason}`);
  });

  it.each([
    ['min.cleanable.dirty.ratio', '3', 'Invalid value 3.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1'],
    ['cleanup.policy', 'compact,,delete', "Configuration 'cleanup.policy' values must not be empty."],
    ['cleanup.policy', 'a,b', 'Invalid value a for configuration cleanup.policy: String must be one of: compact, delete'],
    ['log.dirs', '', "Configuration 'log.dirs' must not be empty. Valid values include: any non-empty value"],
  ])('refuses %s=%s with other words', (name, value, message) => {
    expect(errorOf(name, value)).toBe(message);
  });
});

it.each([
  ['TRUE', 'boolean', 'true'],
  [' +5 ', 'long', '5'],
  ['a , b,a', 'list', 'a,b'],
  [' x', 'string', 'x'],
] as const)('writes %j of type %s as %j', (value, type, expected) => {
  expect(normalized(value, type)).toBe(expected);
});

it.each([
  ['by_duration:PT1H', 3_600_000],
  ['by_duration:P1DT2H3M4.5S', 93_784_500],
  ['by_duration:-PT1H', undefined],
  ['by_duration:P', undefined],
  ['by_duration:P1DT', undefined],
  ['1h', undefined],
])('reads %s as %s ms', (value, expected) => {
  expect(durationMs(value)).toBe(expected);
});
