import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { AcknowledgementBatch } from './acknowledge.ts';
import type { AcquireRequest, FetchedBatch } from './acquire.ts';
import type { StateBatch } from './in-flight-batch.ts';
import { SharePartition, type ShareSettings, type ShareStateUpdate } from './share-partition.ts';

const defaults: ShareSettings = { deliveryCountLimit: 5, maxRecordLocks: 2000, recordLockDurationMs: 30_000, renewEnabled: true };

function start(settings: Partial<ShareSettings> = {}, stored: { startOffset?: number; batches?: StateBatch[] } = {}) {
  const clock = new VirtualClock();
  const written: ShareStateUpdate[] = [];
  const write = (update: ShareStateUpdate): undefined => void written.push(update);
  const { startOffset = 0, batches = [] } = stored;
  const partition = new SharePartition({ clock, settings: () => ({ ...defaults, ...settings }), write, startOffset, batches });
  return { clock, partition, written };
}

/** `0-9 10-19`: the batches of a log, or ranges of offsets. */
function ranges(text: string): FetchedBatch[] {
  return text.split(' ').map((range) => {
    const [baseOffset, lastOffset = baseOffset] = range.split('-').map(Number);
    return { baseOffset: baseOffset!, lastOffset: lastOffset! };
  });
}

function acquire(partition: SharePartition, log: string, more: Partial<AcquireRequest> = {}): string {
  const fetchOffset = partition.nextFetchOffset();
  const batches = ranges(log).filter(({ lastOffset }) => lastOffset >= fetchOffset);
  const request = { memberId: 'm', recordLimit: false, maxRecords: 500, batchSize: 500, fetchOffset, batches, ...more };
  const { records } = partition.acquire(request);
  return records.map(({ firstOffset, lastOffset, deliveryCount }) => `${firstOffset}-${lastOffset}x${deliveryCount}`).join(' ');
}

function acknowledgement(firstOffset: number, lastOffset: number, ...acknowledgeTypes: number[]): AcknowledgementBatch {
  return { firstOffset, lastOffset, acknowledgeTypes };
}

/** `0-4 acquired x1 m`, one for each range. */
function states(partition: SharePartition): string[] {
  return partition
    .ranges()
    .map(({ firstOffset, lastOffset, state, deliveryCount, memberId }) =>
      `${firstOffset}-${lastOffset} ${state} x${deliveryCount} ${memberId}`.trim(),
    );
}

const [accept, release, reject, renew] = [1, 2, 3, 4] as const;

describe('acquiring new records', () => {
  it.each<[string, string, Partial<AcquireRequest>, string, number]>([
    ['takes all that was fetched', '0-9', {}, '0-9x1', 10],
    ['takes whole batches, the one that reaches the limit included', '0-9 10-19 20-29', { maxRecords: 12 }, '0-19x1', 20],
    ['cuts at batch boundaries', '0-9 10-19 20-29', { batchSize: 10 }, '0-9x1 10-19x1 20-29x1', 30],
    ['joins batches up to the batch size', '0-3 4-7 8-11', { batchSize: 6 }, '0-7x1 8-11x1', 12],
    ['takes exactly as many as the strict limit says', '0-9 10-19', { maxRecords: 12, recordLimit: true }, '0-11x1', 12],
    ['does not cut by batch size under a strict limit', '0-4 5-9', { recordLimit: true, batchSize: 1 }, '0-9x1', 10],
    ['begins where the log does', '7-9', {}, '7-9x1', 10],
    ['takes nothing where nothing was asked for', '0-9', { maxRecords: 0 }, '', 0],
  ])('%s', (_rule, log, request, expected, nextOffset) => {
    const { partition } = start();
    expect(acquire(partition, log, request)).toBe(expected);
    expect(partition.nextFetchOffset()).toBe(nextOffset);
  });

  it('goes on behind what was acquired before', () => {
    const { partition } = start();
    acquire(partition, '0-9 10-19', { maxRecords: 5 });
    expect(acquire(partition, '0-9 10-19')).toBe('10-19x1');
  });

  it('keeps what a strict limit has left of a batch for the next', () => {
    const { partition } = start();
    acquire(partition, '0-9', { maxRecords: 4, recordLimit: true });
    expect(states(partition)).toEqual(['0-3 acquired x1 m', '4-9 available x0']);
    expect(acquire(partition, '0-9', { memberId: 'other', maxRecords: 4, recordLimit: true })).toBe('4-7x1');
    expect(acquire(partition, '0-9', { memberId: 'other' })).toBe('8-9x1');
  });

  it('stops at the limit of locks, and goes on below it', () => {
    const { partition } = start({ maxRecordLocks: 10 });
    expect(acquire(partition, '0-4 5-9 10-14')).toBe('0-9x1');
    expect(partition.canAcquire()).toBe(false);
    partition.acknowledge('m', [acknowledgement(0, 4, accept)]);
    expect(partition.canAcquire()).toBe(true);
    expect(acquire(partition, '0-4 5-9 10-14')).toBe('10-14x1');
  });

  it('gives what was released although the locks are used up, and nothing beyond the end', () => {
    const { partition } = start({ maxRecordLocks: 10 });
    acquire(partition, '0-9 10-19');
    partition.acknowledge('m', [acknowledgement(3, 3, release)]);
    expect(partition.canAcquire()).toBe(true);
    expect(acquire(partition, '0-9 10-19')).toBe('3-3x2');
    expect(partition.canAcquire()).toBe(false);
  });

  it('gives up what the log has lost meanwhile', () => {
    const { partition } = start();
    acquire(partition, '0-4 5-9', { batchSize: 5 });
    partition.release('m');
    expect(acquire(partition, '5-9', { fetchOffset: 0 })).toBe('5-9x2');
    expect(states(partition)[0]).toBe('0-4 archived x1');
  });

  it('leaves out what was aborted', () => {
    const { partition } = start();
    const request = {
      memberId: 'm',
      recordLimit: false,
      maxRecords: 500,
      batchSize: 500,
      fetchOffset: 0,
      batches: ranges('0-4 5-9 10-14'),
    };
    const { records, count } = partition.acquire(request, ranges('5-9'));
    expect(records).toMatchObject([
      { firstOffset: 0, lastOffset: 4 },
      { firstOffset: 10, lastOffset: 14 },
    ]);
    expect(count).toBe(10);
    expect(states(partition)[1]).toBe('5-9 archived x1');
  });
});

describe('acknowledging', () => {
  it.each<[string, AcknowledgementBatch[], string[], number]>([
    ['accepts all', [acknowledgement(0, 9, accept)], [], 10],
    ['rejects all', [acknowledgement(0, 9, reject)], [], 10],
    ['takes gaps for done', [acknowledgement(0, 9, 0)], [], 10],
    ['releases all', [acknowledgement(0, 9, release)], ['0-9 available x1'], 0],
    ['accepts the first', [acknowledgement(0, 3, accept)], ['4-9 acquired x1 m'], 4],
    ['accepts what lies behind others', [acknowledgement(5, 9, accept)], ['0-4 acquired x1 m', '5-9 acknowledged x1'], 0],
    [
      'takes one type for each offset',
      [acknowledgement(2, 5, accept, release, reject, 0)],
      ['0-1 acquired x1 m', '2-2 acknowledged x1', '3-3 available x1', '4-5 archived x1', '6-9 acquired x1 m'],
      0,
    ],
    ['takes several batches', [acknowledgement(0, 1, accept), acknowledgement(2, 9, reject)], [], 10],
    ['renews, which changes nothing', [acknowledgement(0, 9, renew)], ['0-9 acquired x1 m'], 0],
  ])('%s', (_rule, batches, expected, startOffset) => {
    const { partition } = start();
    acquire(partition, '0-9');
    expect(partition.acknowledge('m', batches)).toBeUndefined();
    expect(states(partition)).toEqual(expected);
    expect(partition.startOffset).toBe(startOffset);
  });

  it.each<[string, string, AcknowledgementBatch[], keyof typeof errorCodes, string]>([
    [
      'a member that has not acquired them',
      'other',
      [acknowledgement(0, 9, accept)],
      'INVALID_RECORD_STATE',
      'Member is not the owner of batch record',
    ],
    [
      'records that nobody has fetched',
      'm',
      [acknowledgement(20, 29, accept)],
      'INVALID_REQUEST',
      'Batch record not found. The first offset in request is past acquired records.',
    ],
    [
      'more than was acquired',
      'm',
      [acknowledgement(0, 12, accept)],
      'INVALID_REQUEST',
      'Batch record not found. The last offset in request is past acquired records.',
    ],
    [
      'the same twice',
      'm',
      [acknowledgement(2, 3, accept), acknowledgement(3, 4, accept)],
      'INVALID_RECORD_STATE',
      'The offset cannot be acknowledged. The offset is not acquired.',
    ],
    [
      'the same batch twice',
      'm',
      [acknowledgement(0, 9, release), acknowledgement(0, 9, accept)],
      'INVALID_RECORD_STATE',
      'The batch cannot be acknowledged. The batch is not in the acquired state.',
    ],
  ])('refuses %s, and changes nothing', (_what, memberId, batches, error, message) => {
    const { partition, written } = start();
    acquire(partition, '0-9');
    expect(partition.acknowledge(memberId, batches)).toEqual({ code: errorCodes[error], message });
    expect(states(partition)).toEqual(['0-9 acquired x1 m']);
    expect(written).toEqual([]);
  });

  it('passes over what is before the start', () => {
    const { partition } = start();
    acquire(partition, '0-9');
    partition.acknowledge('m', [acknowledgement(0, 9, accept)]);
    expect(partition.acknowledge('m', [acknowledgement(0, 9, accept)])).toBeUndefined();
  });

  it('refuses to renew where the group does not allow it', () => {
    const { partition } = start({ renewEnabled: false });
    acquire(partition, '0-9');
    const message = 'Renewing acquisition locks is not enabled for the group.';
    expect(partition.acknowledge('m', [acknowledgement(0, 9, renew)])).toEqual({ code: errorCodes.INVALID_RECORD_STATE, message });
  });

  it('takes everything back when the state cannot be stored', () => {
    const error = { code: errorCodes.UNKNOWN_SERVER_ERROR, message: 'no' };
    const options = { clock: new VirtualClock(), settings: () => defaults, write: () => error, startOffset: 0, batches: [] };
    const partition = new SharePartition(options);
    acquire(partition, '0-9');
    expect(partition.acknowledge('m', [acknowledgement(0, 9, accept)])).toBe(error);
    expect(states(partition)).toEqual(['0-9 acquired x1 m']);
  });

  it('stores the start from before it moves, and how many are done with behind it', () => {
    const { partition, written } = start();
    acquire(partition, '0-9');
    partition.acknowledge('m', [acknowledgement(0, 3, accept)]);
    partition.acknowledge('m', [acknowledgement(6, 7, reject)]);
    expect(written.map(({ startOffset, deliveryCompleteCount }) => [startOffset, deliveryCompleteCount])).toEqual([
      [0, 4],
      [4, 2],
    ]);
  });
});

describe('delivering again', () => {
  it('counts deliveries, and archives after the last', () => {
    const { partition } = start({ deliveryCountLimit: 2 });
    acquire(partition, '0-9');
    partition.acknowledge('m', [acknowledgement(0, 9, release)]);
    expect(acquire(partition, '0-9')).toBe('0-9x2');
    partition.acknowledge('m', [acknowledgement(0, 9, release)]);
    expect(states(partition)).toEqual([]);
    expect(partition.startOffset).toBe(10);
  });

  it('delivers less of a batch the more often it has failed, and each record alone at last', () => {
    const { partition } = start({ deliveryCountLimit: 5 });
    acquire(partition, '0-7');
    const rounds: string[] = [];
    for (let round = 0; round < 5; round++) {
      partition.release('m');
      rounds.push(acquire(partition, '0-7'));
    }
    expect(rounds).toEqual(['0-7x2', '0-7x3', '0-3x4', '0-0x5', '1-1x5']);
  });

  it('keeps what was acquired apart from what was delivered less often', () => {
    const { partition } = start();
    acquire(partition, '0-9');
    partition.acknowledge('m', [acknowledgement(0, 4, release)]);
    expect(acquire(partition, '0-9', { memberId: 'other' })).toBe('0-4x2');
    partition.release('m');
    partition.release('other');
    expect(acquire(partition, '0-9')).toBe('0-4x3 5-9x2');
  });

  it('releases what a member has, and no more', () => {
    const { partition } = start();
    acquire(partition, '0-4', { memberId: 'a' });
    acquire(partition, '0-4 5-9', { memberId: 'b' });
    partition.release('a');
    expect(states(partition)).toEqual(['0-4 available x1', '5-9 acquired x1 b']);
    expect(partition.nextFetchOffset()).toBe(0);
  });
});

describe('acquisition locks', () => {
  it('expire after their time, not before', async () => {
    const { partition, clock } = start();
    let woken = 0;
    partition.watch(() => woken++);
    acquire(partition, '0-9');
    await clock.advance(29_999);
    expect([states(partition), woken]).toEqual([['0-9 acquired x1 m'], 0]);
    await clock.advance(1);
    expect([states(partition), woken]).toEqual([['0-9 available x1'], 1]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('are renewed for records that need longer', async () => {
    const { partition, clock } = start();
    acquire(partition, '0-9');
    await clock.advance(20_000);
    partition.acknowledge('m', [acknowledgement(2, 3, renew)]);
    await clock.advance(20_000);
    expect(states(partition)).toEqual(['0-1 available x1', '2-3 acquired x1 m', '4-9 available x1']);
    await clock.advance(10_000);
    expect(states(partition)).toEqual(['0-9 available x1']);
  });

  it('keep their time when a batch is treated in parts', async () => {
    const { partition, clock } = start();
    acquire(partition, '0-9');
    await clock.advance(10_000);
    partition.acknowledge('m', [acknowledgement(9, 9, accept)]);
    await clock.advance(20_000);
    expect(states(partition)).toEqual(['0-8 available x1', '9-9 acknowledged x1']);
  });

  it('end when records are acknowledged, and when the partition is given up', () => {
    const { partition, clock } = start();
    acquire(partition, '0-4 5-9', { batchSize: 5 });
    partition.acknowledge('m', [acknowledgement(0, 4, accept)]);
    expect(clock.pendingTimers).toBe(1);
    partition.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('expire when a test says so', () => {
    const { partition } = start();
    acquire(partition, '0-4', { memberId: 'a' });
    acquire(partition, '0-4 5-9', { memberId: 'b' });
    partition.expireLocks('b');
    expect(states(partition)).toEqual(['0-4 acquired x1 a', '5-9 available x1']);
  });
});

describe('a log that loses its beginning', () => {
  it('takes what was available with it, and leaves acquired records to their member', async () => {
    const { partition, clock } = start();
    acquire(partition, '0-4 5-9', { batchSize: 5 });
    partition.acknowledge('m', [acknowledgement(0, 4, release)]);
    partition.moveStart(7);
    expect(partition.startOffset).toBe(7);
    expect(states(partition)).toEqual(['7-9 acquired x1 m']);
    expect(partition.acknowledge('m', [acknowledgement(5, 9, accept)])).toBeUndefined();
    expect([partition.startOffset, states(partition)]).toEqual([7, ['7-9 acknowledged x1']]);
    await clock.advance(30_000); // what nobody can acknowledge any more is given up with its lock
    expect([partition.startOffset, states(partition)]).toEqual([10, []]);
  });

  it('archives what is released of it', () => {
    const { partition } = start();
    acquire(partition, '0-9');
    partition.moveStart(4);
    partition.release('m');
    expect(states(partition)).toEqual(['4-9 available x1']);
    expect(acquire(partition, '4-9')).toBe('4-9x2');
  });
});

describe('loading what was stored', () => {
  const done = (firstOffset: number, lastOffset: number): StateBatch => ({
    firstOffset,
    lastOffset,
    state: 'acknowledged',
    deliveryCount: 1,
  });

  it.each<[string, { startOffset?: number; batches?: StateBatch[] }, number, number]>([
    ['nothing', { startOffset: 5 }, 5, 5],
    ['all done', { batches: [done(0, 9)] }, 10, 10],
    ['released records', { batches: [{ firstOffset: 0, lastOffset: 9, state: 'available', deliveryCount: 2 }] }, 0, 0],
    ['done with, behind a gap', { batches: [done(5, 9)] }, 0, 0],
    ['a gap behind what is done', { batches: [done(0, 4), done(8, 9)] }, 5, 5],
  ])('%s', (_what, stored, startOffset, nextFetchOffset) => {
    const { partition } = start({}, stored);
    expect([partition.startOffset, partition.nextFetchOffset()]).toEqual([startOffset, nextFetchOffset]);
  });

  it('delivers what lies in the gaps for the first time, as far as anybody knows', () => {
    const { partition } = start({}, { batches: [done(3, 4), { firstOffset: 7, lastOffset: 8, state: 'available', deliveryCount: 2 }] });
    expect(acquire(partition, '0-9')).toBe('0-2x1 5-6x1 7-8x3 9-9x1');
    partition.acknowledge('m', [acknowledgement(0, 2, accept)]);
    expect(partition.startOffset).toBe(5);
  });
});
