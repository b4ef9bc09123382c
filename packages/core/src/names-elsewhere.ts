/**
 * What kafkajs, PyKafka, the Java client and librdkafka call our options, where the names are too different for a guess by letters. Names are
 * compared without case, dots and underscores.
 */
const namesElsewhere: Readonly<Record<string, readonly string[]>> = {
  acks: ['requiredacks', 'requestrequiredacks'],
  attempts: ['retries', 'maxretries', 'numberofretries'],
  autoCommitEnable: ['autocommit', 'enableautocommit'],
  autoOffsetReset: ['frombeginning', 'startfromlatest'],
  batchBytes: ['batchsize', 'batchnummessages'],
  blockOnQueueFull: ['blockonbufferfull'],
  brokers: ['hosts', 'bootstrapservers', 'metadatabrokerlist', 'bootstrapbrokers', 'kafkahost'],
  compression: ['compressiontype', 'compressioncodec'],
  concurrency: ['partitionsconsumedconcurrently'],
  connectionSetupTimeoutMs: ['connectiontimeout', 'authenticationtimeout', 'socketconnectionsetuptimeoutms'],
  consumerGroup: ['groupid', 'group'],
  deliveryTimeoutMs: ['retries', 'retry', 'maxretries', 'messagetimeoutms'],
  fetchMaxBytes: ['maxbytes'],
  fetchMessageMaxBytes: ['maxbytesperpartition', 'maxpartitionfetchbytes'],
  fetchMinBytes: ['minbytes'],
  fetchWaitMaxMs: ['maxwaittimeinms', 'maxwaittime', 'fetchmaxwaitms'],
  idempotent: ['enableidempotence'],
  initialMs: ['initialretrytime'],
  isolation: ['isolationlevel', 'readuncommitted'],
  logger: ['loglevel', 'logcreator'],
  maxBufferedBytes: ['buffermemory', 'maxqueuedmessages', 'queuebufferingmaxkbytes'],
  maxMs: ['maxretrytime'],
  partitioner: ['createpartitioner'],
  queuedMaxMessages: ['maxpollrecords'],
  rackId: ['clientrack'],
  requestTimeoutMs: ['sockettimeoutms'],
  serializer: ['keyserializer', 'valueserializer', 'encoder'],
  deserializer: ['keydeserializer', 'valuedeserializer', 'decoder'],
  ssl: ['tls', 'securityprotocol', 'sslconfig'],
  topics: ['topic'],
  transport: ['socketfactory'],
};

/** The known name of an option that another client calls `name`, if there is one. */
export function nameHere(name: string, known: readonly string[]): string | undefined {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  return known.find((ours) => namesElsewhere[ours]?.includes(plain));
}
