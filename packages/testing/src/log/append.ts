import { checkCrc, errorCodes, type RecordBatch } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import { type BrokerConfigs, topicConfig, topicConfigNumber } from '../configs/configs.ts';
import { describeFaults, recordFaults, recordRules } from './record-faults.ts';
import { recompress } from './recompress.ts';
import type { PartitionState } from '../topics/topic.ts';

/** What a producer is told of a partition. */
export interface AppendResult {
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly errorMessage: string | null;
  /** What must be committed for a producer that asks for all replicas; undefined when nothing was written. */
  readonly requiredOffset?: number;
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string | null }[];
}

export interface AppendOptions {
  readonly state: ClusterState;
  readonly brokerId: number;
  readonly acks: number;
  readonly clientId: string | null;
}

/** The only client that may write into internal topics. */
const adminClientId = '__admin_client';

/** A refusal before the log was looked at. */
export function refused(errorCode: number, logStartOffset = -1, errorMessage: string | null = null): AppendResult {
  return { errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset, errorMessage, recordErrors: [] };
}

/**
 * Appends a client's batch, if the broker would: by the order of the broker's own checks, so that a batch with two faults gets the same answer.
 */
export function appendFromClient(partition: PartitionState, batch: RecordBatch, options: AppendOptions): AppendResult {
  const { state, acks } = options;
  const { log, topic } = partition;
  if (acks !== 0 && acks !== 1 && acks !== -1) return refused(errorCodes.INVALID_REQUIRED_ACKS);
  if (topic.internal && options.clientId !== adminClientId) return refused(errorCodes.INVALID_TOPIC_EXCEPTION);
  if (partition.leader !== options.brokerId) return refused(errorCodes.NOT_LEADER_OR_FOLLOWER);
  const configs = state.configs.of(options.brokerId);
  const config = (name: string): number => topicConfigNumber(name, topic.configs, configs);
  if (acks === -1 && partition.isr.filter(state.isAlive).length < partition.minInSync) {
    return refused(errorCodes.NOT_ENOUGH_REPLICAS, log.startOffset);
  }
  if (batch.baseOffset !== 0) return refused(errorCodes.INVALID_RECORD, log.startOffset);
  if (batch.bytes.length > config('max.message.bytes')) return refused(errorCodes.MESSAGE_TOO_LARGE);
  if (!hasGoodCrc(batch)) return refused(errorCodes.CORRUPT_MESSAGE);
  const invalid = invalidBatch(batch)
    ? refused(errorCodes.INVALID_RECORD, log.startOffset)
    : checkRecords(partition, batch, configs, state);
  if (invalid !== undefined) return invalid;

  if (batch.producerId >= 0) {
    const verdict = log.judge(batch.producerId, {
      epoch: batch.producerEpoch,
      firstSequence: batch.baseSequence,
      recordCount: batch.recordCount,
      transactional: batch.isTransactional,
    });
    // The append time of a duplicate is the batch's, whatever the topic's timestamps are.
    if (verdict.kind === 'duplicate') return accepted(verdict.batch, verdict.batch.timestamp, log.startOffset);
    if (verdict.kind === 'refuse') return refused(errorCodes[verdict.error], log.startOffset);
  }
  const appendTime = appendTimeOf(partition, state);
  const { baseOffset: firstOffset, lastOffset } = log.append(recompress(batch, topic.configs, state.configs), {
    leaderEpoch: partition.leaderEpoch,
    appendTime,
  });
  return accepted({ firstOffset, lastOffset }, appendTime ?? -1, log.startOffset);
}

/** The time that every batch of the partition gets, by its leader's clock; undefined where it keeps the one that it was sent with. */
export function appendTimeOf({ topic, leader }: PartitionState, { clock, configs }: ClusterState): number | undefined {
  const type = topicConfig('message.timestamp.type', topic.configs, configs.of(leader));
  return type === 'LogAppendTime' ? clock.wallTime() : undefined;
}

function hasGoodCrc(batch: RecordBatch): boolean {
  try {
    checkCrc(batch);
    return true;
  } catch {
    return false;
  }
}

function accepted(
  { firstOffset: baseOffset, lastOffset }: { readonly firstOffset: number; readonly lastOffset: number },
  logAppendTimeMs: number,
  logStartOffset: number,
): AppendResult {
  const requiredOffset = lastOffset + 1;
  return { errorCode: errorCodes.NONE, baseOffset, logAppendTimeMs, logStartOffset, errorMessage: null, recordErrors: [], requiredOffset };
}

function invalidBatch(batch: RecordBatch): boolean {
  return (
    batch.recordCount <= 0 ||
    batch.lastOffset - batch.baseOffset + 1 !== batch.recordCount ||
    batch.isControl ||
    (batch.producerId >= 0 && batch.baseSequence < 0)
  );
}

function checkRecords(
  { topic, log, index }: PartitionState,
  batch: RecordBatch,
  configs: BrokerConfigs,
  { clock }: ClusterState,
): AppendResult | undefined {
  const faults = recordFaults(batch, recordRules(`${topic.name}-${index}`, topic.configs, configs, clock.wallTime()));
  if (faults === undefined) return refused(errorCodes.INVALID_RECORD, log.startOffset);
  if (faults.length === 0) return undefined;
  const errorCode = faults.some(({ byTime }) => byTime) ? errorCodes.INVALID_TIMESTAMP : errorCodes.INVALID_RECORD;
  const recordErrors = faults.map(({ batchIndex, message }) => ({ batchIndex, batchIndexErrorMessage: message }));
  return { ...refused(errorCode, log.startOffset, describeFaults(faults)), recordErrors };
}
