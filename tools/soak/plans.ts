import { seeded } from '../chaos/random.ts';
import type { SenderOptions } from './senders.ts';

export interface PlansOptions {
  readonly seed: number;
  /** Records in a second, over all producers. */
  readonly rate: number;
  /** How a topic is named. */
  readonly name: (kind: string) => string;
}

/** Producers of several kinds, for as long as it takes. The last one is allowed to give up. */
export function endlessPlans({ seed, rate, name }: PlansOptions): SenderOptions[] {
  const plan = (kind: string): Pick<SenderOptions, 'topic' | 'random'> => ({ topic: name(kind), random: seeded(seed, kind) });
  return [
    { ...plan('single'), partitions: 6, recordsPerSecond: rate * 0.6, batch: 1 },
    { ...plan('batch'), partitions: 6, recordsPerSecond: rate * 0.3, batch: 30, producer: { compression: 'lz4', lingerMs: 5 } },
    // A record or two in a request, so that several batches of a partition are in flight. It is few records: a broker serves one
    // request of a connection after the other, and each waits for the replicas.
    {
      ...{ ...plan('crowded'), partitions: 2, recordsPerSecond: Math.min(40, rate * 0.2), batch: 1, burst: 20 },
      producer: { batchBytes: 256 },
    },
    // This one gives up early: what it then says of each message must be true.
    {
      ...{ ...plan('impatient'), partitions: 2, recordsPerSecond: rate * 0.1, batch: 1 },
      producer: { deliveryTimeoutMs: 3000, batchBytes: 512 },
    },
  ];
}

/** Two producers that write as many records as `allowed` says by then, in all, and give up none. */
export function countedPlans({ seed, rate, name }: PlansOptions, allowed: () => number): SenderOptions[] {
  const batch = 30;
  const inBatches = (): number => Math.floor((allowed() * 0.4) / batch) * batch;
  const plan = (kind: string): Pick<SenderOptions, 'topic' | 'random'> => ({ topic: name(kind), random: seeded(seed, kind) });
  return [
    { ...plan('single'), partitions: 6, recordsPerSecond: rate * 0.6, batch: 1, allowed: () => allowed() - inBatches() },
    {
      ...plan('batch'),
      partitions: 6,
      recordsPerSecond: rate * 0.4,
      batch,
      allowed: inBatches,
      producer: { compression: 'lz4', lingerMs: 5 },
    },
  ];
}
