/** The configuration of a topic: each name with its type, Kafka's default and the broker's name of the same thing. */
export interface TopicConfig {
  readonly type: ConfigType;
  readonly default: string;
  readonly brokerConfig?: string;
}

export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password';

export const topicConfigs: ReadonlyMap<string, TopicConfig> = new Map<string, TopicConfig>([
  ['cleanup.policy', { type: 'list', default: 'delete', brokerConfig: 'log.cleanup.policy' }],
  ['compression.gzip.level', { type: 'int', default: '-1', brokerConfig: 'compression.gzip.level' }],
  ['compression.lz4.level', { type: 'int', default: '9', brokerConfig: 'compression.lz4.level' }],
  ['compression.type', { type: 'string', default: 'producer', brokerConfig: 'compression.type' }],
  ['compression.zstd.level', { type: 'int', default: '3', brokerConfig: 'compression.zstd.level' }],
  ['delete.retention.ms', { type: 'long', default: '86400000', brokerConfig: 'log.cleaner.delete.retention.ms' }],
  ['file.delete.delay.ms', { type: 'long', default: '60000', brokerConfig: 'log.segment.delete.delay.ms' }],
  ['flush.messages', { type: 'long', default: '9223372036854775807', brokerConfig: 'log.flush.interval.messages' }],
  ['flush.ms', { type: 'long', default: '9223372036854775807', brokerConfig: 'log.flush.interval.ms' }],
  ['follower.replication.throttled.replicas', { type: 'list', default: '' }],
  ['index.interval.bytes', { type: 'int', default: '4096', brokerConfig: 'log.index.interval.bytes' }],
  ['leader.replication.throttled.replicas', { type: 'list', default: '' }],
  ['local.retention.bytes', { type: 'long', default: '-2', brokerConfig: 'log.local.retention.bytes' }],
  ['local.retention.ms', { type: 'long', default: '-2', brokerConfig: 'log.local.retention.ms' }],
  ['max.compaction.lag.ms', { type: 'long', default: '9223372036854775807', brokerConfig: 'log.cleaner.max.compaction.lag.ms' }],
  ['max.message.bytes', { type: 'int', default: '1048588', brokerConfig: 'message.max.bytes' }],
  ['message.timestamp.after.max.ms', { type: 'long', default: '3600000', brokerConfig: 'log.message.timestamp.after.max.ms' }],
  [
    'message.timestamp.before.max.ms',
    { type: 'long', default: '9223372036854775807', brokerConfig: 'log.message.timestamp.before.max.ms' },
  ],
  ['message.timestamp.type', { type: 'string', default: 'CreateTime', brokerConfig: 'log.message.timestamp.type' }],
  ['min.cleanable.dirty.ratio', { type: 'double', default: '0.5', brokerConfig: 'log.cleaner.min.cleanable.ratio' }],
  ['min.compaction.lag.ms', { type: 'long', default: '0', brokerConfig: 'log.cleaner.min.compaction.lag.ms' }],
  ['min.insync.replicas', { type: 'int', default: '1', brokerConfig: 'min.insync.replicas' }],
  ['preallocate', { type: 'boolean', default: 'false', brokerConfig: 'log.preallocate' }],
  ['remote.log.copy.disable', { type: 'boolean', default: 'false' }],
  ['remote.log.delete.on.disable', { type: 'boolean', default: 'false' }],
  ['remote.storage.enable', { type: 'boolean', default: 'false' }],
  ['retention.bytes', { type: 'long', default: '-1', brokerConfig: 'log.retention.bytes' }],
  ['retention.ms', { type: 'long', default: '604800000', brokerConfig: 'log.retention.ms' }],
  ['segment.bytes', { type: 'int', default: '1073741824', brokerConfig: 'log.segment.bytes' }],
  ['segment.index.bytes', { type: 'int', default: '10485760', brokerConfig: 'log.index.size.max.bytes' }],
  ['segment.jitter.ms', { type: 'long', default: '0', brokerConfig: 'log.roll.jitter.ms' }],
  ['segment.ms', { type: 'long', default: '604800000', brokerConfig: 'log.roll.ms' }],
  ['unclean.leader.election.enable', { type: 'boolean', default: 'false', brokerConfig: 'unclean.leader.election.enable' }],
]);
