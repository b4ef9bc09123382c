import { kafkaVersion as pinnedVersion } from '../../scripts/kafka-version.ts';

/** The Kafka that is started: the one that the codecs are made from, unless the environment asks for another. */
export const kafkaVersion = process.env['KAFKA_VERSION'] || pinnedVersion;
