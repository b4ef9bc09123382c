// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Decoded, Message } from '../api.ts';
import { readInt32, writeInt32, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ConsumerProtocolSubscription, versions 0 to 3. */
export const consumerProtocolSubscription: Message<ConsumerProtocolSubscription> = {
  name: 'ConsumerProtocolSubscription',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: Infinity,
  write: writeConsumerProtocolSubscription,
  read: readConsumerProtocolSubscription,
};

export interface ConsumerProtocolSubscription {
  topics: readonly string[];
  /** default null */
  userData?: Uint8Array | null;
  /** 1+ */
  ownedPartitions?: readonly TopicPartition[];
  /** 2+, default -1 */
  generationId?: number;
  /** 3+, default null */
  rackId?: string | null;
}

export interface TopicPartition {
  topic: string;
  partitions: readonly number[];
}

function writeConsumerProtocolSubscription(w: Writer, v: number, m: ConsumerProtocolSubscription): void {
  w.array(v, m.topics, writeString);
  w.nullableBytes(m.userData ?? null);
  if (v >= 1) w.array(v, m.ownedPartitions ?? [], writeTopicPartition);
  if (v >= 2) w.int32(m.generationId ?? -1);
  if (v >= 3) w.nullableString(m.rackId ?? null);
}

function readConsumerProtocolSubscription(r: Reader, v: number): Decoded<ConsumerProtocolSubscription> {
  return {
    topics: r.array(v, 2, readString),
    userData: r.nullableBytes(),
    ownedPartitions: v >= 1 ? r.array(v, 6, readTopicPartition) : [],
    generationId: v >= 2 ? r.int32() : -1,
    rackId: v >= 3 ? r.nullableString() : null,
  };
}

function writeTopicPartition(w: Writer, v: number, m: TopicPartition): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeInt32);
}

function readTopicPartition(r: Reader, v: number): Decoded<TopicPartition> {
  return { topic: r.string(), partitions: r.array(v, 4, readInt32) };
}
