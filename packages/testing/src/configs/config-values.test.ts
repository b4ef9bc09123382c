import { describe, expect, it } from 'vitest';
import { configError } from './config-values.ts';

// The words of Kafka 4.3.1.
describe('configError', () => {
  it.each([
    ['retention.ms', '-1'],
    ['retention.ms', '9223372036854775807'],
    ['cleanup.policy', 'compact,delete'],
    ['min.cleanable.dirty.ratio', '0.5'],
    ['preallocate', 'TRUE'],
  ])('allows %s=%s', (name, value) => {
    expect(configError(name, value)).toBeUndefined();
  });

  it.each([
    ['retention.ms', 'abc', 'Not a number of type LONG'],
    ['retention.ms', '-2', 'Value must be at least -1'],
    ['cleanup.policy', 'abc', 'String must be one of: compact, delete'],
    ['min.insync.replicas', '0', 'Value must be at least 1'],
    ['compression.type', 'foo', 'String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer'],
    ['preallocate', 'maybe', 'Expected value to be either true or false'],
    ['max.message.bytes', '99999999999', 'Not a number of type INT'],
  ])('refuses %s=%s', (name, value, reason) => {
    expect(configError(name, value)).toBe(`Invalid value ${value} for configuration ${name}: ${reason}`);
  });

  it('tells of a number with a point as Java prints it', () => {
    const name = 'min.cleanable.dirty.ratio';
    expect(configError(name, '3')).toBe(`Invalid value 3.0 for configuration ${name}: Value must be no more than 1`);
  });
});
