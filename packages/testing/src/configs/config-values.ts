import { topicConfigs } from './topic-configs.ts';

/** What may stand in a topic's configuration, where it is not just any value of its type. */
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  ['compression.type', ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer']],
  ['message.timestamp.type', ['CreateTime', 'LogAppendTime']],
]);

const atLeast: ReadonlyMap<string, number> = new Map([
  ['delete.retention.ms', 0],
  ['file.delete.delay.ms', 0],
  ['flush.messages', 1],
  ['flush.ms', 0],
  ['index.interval.bytes', 0],
  ['max.compaction.lag.ms', 1],
  ['max.message.bytes', 0],
  ['message.timestamp.after.max.ms', 0],
  ['message.timestamp.before.max.ms', 0],
  ['min.compaction.lag.ms', 0],
  ['min.insync.replicas', 1],
  ['retention.ms', -1],
  ['segment.bytes', 1024 * 1024],
  ['segment.index.bytes', 4],
  ['segment.jitter.ms', 0],
  ['segment.ms', 1],
]);

const bits: Readonly<Record<string, number>> = { short: 15, int: 31, long: 63 };

/** Why Kafka refuses the value, in its words; undefined when it does not. */
export function configError(name: string, value: string): string | undefined {
  const { type } = topicConfigs.get(name)!;
  const invalid = (reason: string): string => `Invalid value ${value} for configuration ${name}: ${reason}`;
  const choices = allowed.get(name);
  if (choices !== undefined && !choices.includes(value)) return invalid(`String must be one of: ${choices.join(', ')}`);
  if (name === 'cleanup.policy') {
    const wrong = value.split(',').find((policy) => policy.trim() !== 'compact' && policy.trim() !== 'delete');
    return wrong === undefined || value === '' ? undefined : invalid('String must be one of: compact, delete');
  }
  if (type === 'boolean' && !/^(true|false)$/i.test(value)) return invalid('Expected value to be either true or false');
  if (type in bits) {
    if (!/^\s*[+-]?\d+\s*$/.test(value) || BigInt.asIntN(bits[type]! + 1, BigInt(value)) !== BigInt(value)) {
      return invalid(`Not a number of type ${type.toUpperCase()}`);
    }
    const least = atLeast.get(name);
    if (least !== undefined && BigInt(value) < BigInt(least)) return invalid(`Value must be at least ${least}`);
  }
  if (type === 'double') {
    const number = Number(value);
    if (value.trim() === '' || Number.isNaN(number)) return invalid('Not a number of type DOUBLE');
    const shown = `Invalid value ${Number.isInteger(number) ? number.toFixed(1) : number} for configuration ${name}:`;
    if (number < 0) return `${shown} Value must be at least 0`;
    if (number > 1) return `${shown} Value must be no more than 1`;
  }
  return undefined;
}
