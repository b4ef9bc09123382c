// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Decoded, Message } from '../api.ts';
import { readInt32, writeInt32 } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ConsumerProtocolAssignment, versions 0 to 3. */
export const consumerProtocolAssignment: Message<ConsumerProtocolAssignment> = {
  name: 'ConsumerProtocolAssignment',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: Infinity,
  write: writeConsumerProtocolAssignment,
  read: readConsumerProtocolAssignment,
};

export interface ConsumerProtocolAssignment {
  assignedPartitions: readonly TopicPartition[];
  /** default null */
  userData?: Uint8Array | null;
}

export interface TopicPartition {
  topic: string;
  partitions: readonly number[];
}

function writeConsumerProtocolAssignment(w: Writer, v: number, m: ConsumerProtocolAssignment): void {
  w.array(v, m.assignedPartitions, writeTopicPartition);
  w.nullableBytes(m.userData ?? null);
}

function readConsumerProtocolAssignment(r: Reader, v: number): Decoded<ConsumerProtocolAssignment> {
  return { assignedPartitions: r.array(v, 6, readTopicPartition), userData: r.nullableBytes() };
}

function writeTopicPartition(w: Writer, v: number, m: TopicPartition): void {
  w.string(m.topic);
  w.array(v, m.partitions, writeInt32);
}

function readTopicPartition(r: Reader, v: number): Decoded<TopicPartition> {
  return { topic: r.string(), partitions: r.array(v, 4, readInt32) };
}
