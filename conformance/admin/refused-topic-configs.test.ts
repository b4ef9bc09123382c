import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { alter, type Alteration, op, resource } from './configs.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

describe('what is refused of a topic', async () => {
  const { name: existing } = await broker.createTopic();

  it.each<[string, string | undefined, readonly Alteration[], number, string | null]>([
    ['an unknown configuration', existing, [['nope', op.set, 'x']], code.invalidConfig, 'Unknown topic config name: nope'],
    [
      'a value of another type',
      existing,
      [['retention.ms', op.set, 'x']],
      code.invalidConfig,
      'Invalid value x for configuration retention.ms: Not a number of type LONG',
    ],
    [
      'a value out of range',
      existing,
      [['min.cleanable.dirty.ratio', op.set, '1.5']],
      code.invalidConfig,
      'Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      'a level that gzip does not have',
      existing,
      [['compression.gzip.level', op.set, '11']],
      code.invalidConfig,
      'Invalid value 11 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1',
    ],
    [
      'an unknown entry of a list',
      existing,
      [['cleanup.policy', op.set, 'a,b']],
      code.invalidConfig,
      'Invalid value a for configuration cleanup.policy: String must be one of: compact, delete',
    ],
    [
      'an empty entry of a list',
      existing,
      [['cleanup.policy', op.set, 'compact,,delete']],
      code.invalidConfig,
      "Configuration 'cleanup.policy' values must not be empty.",
    ],
    [
      'configurations that contradict each other',
      existing,
      [
        ['min.compaction.lag.ms', op.set, '10'],
        ['max.compaction.lag.ms', op.set, '5'],
      ],
      code.invalidConfig,
      'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    ],
    [
      'storage that the cluster does not have',
      existing,
      [['remote.storage.enable', op.set, 'true']],
      code.invalidConfig,
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    ],
    [
      'an addition to what is no list',
      existing,
      [['retention.ms', op.append, '5']],
      code.invalidConfig,
      "Can't APPEND to key retention.ms because its type is not LIST.",
    ],
    ['no value', existing, [['retention.ms', op.set, null]], code.invalidRequest, 'Null value not supported for : retention.ms'],
    [
      'a configuration twice',
      existing,
      [
        ['retention.ms', op.set, '1'],
        ['retention.ms', op.delete, null],
      ],
      code.invalidRequest,
      'Error due to duplicate config keys',
    ],
    ['an operation that is none', existing, [['retention.ms', 9, '1']], code.unknownServerError, null],
    ['no topic', '', [['retention.ms', op.set, '1']], code.invalidRequest, 'Default topic resources are not allowed.'],
    ['an invalid name', 'a b', [['retention.ms', op.set, '1']], code.invalidTopic, expect.stringContaining('Topic name is invalid')],
    ['a wrong value before a missing topic', 'missing', [['retention.ms', op.set, 'x']], code.invalidConfig, expect.any(String)],
    ['a missing topic', 'missing', [['retention.ms', op.set, '1']], code.unknownTopicOrPartition, "The topic 'missing' does not exist."],
  ])('%s', async (_, name, changes, errorCode, errorMessage) => {
    expect(await alter(wire, resource.topic, name!, changes)).toMatchObject({ errorCode, errorMessage });
  });
});
