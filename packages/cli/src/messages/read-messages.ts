import type { Consumer, Message } from '@tskafka/consumer';
import type { Context } from '../frame/context.ts';
import type { PartitionRange } from '../offsets/resolve-range.ts';
import { Progress } from '../terminal/progress.ts';
import type { Filter } from './filter.ts';
import { mergeByTime } from './merge.ts';
import type { Printer } from './printer.ts';
import { partitionName } from '../topics/topic-partitions.ts';

export interface Reading {
  readonly context: Context;
  readonly filter: Filter | undefined;
  readonly printer: Printer;
  /** End after so many. */
  readonly count?: number | undefined;
  /** How many offsets there are at most, where that is known. */
  readonly total?: number | undefined;
  readonly byTime?: boolean;
  /** What is behind these ranges is not printed. */
  readonly stops?: readonly PartitionRange[] | undefined;
  /** End after so long. */
  readonly limitMs?: number | undefined;
}

/** Prints what a consumer gives, until it ends, enough has been printed, the time is over or somebody interrupts. Gives how many were printed. */
export async function readMessages(consumer: Consumer, reading: Reading): Promise<number> {
  const { context, filter, printer, count = Infinity, total, byTime = false, limitMs } = reading;
  const { signal, output } = context;
  const stops = new Map(reading.stops?.map((stop) => [partitionName(stop), stop.to]));
  const progress = new Progress(context, 'read', { total, besideData: !printer.writesFile });
  const runs = new Map<string, Message[]>();
  const timer = limitMs === undefined ? undefined : setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  let [read, printed] = [0, 0];
  try {
    if (count > 0 && !signal.aborted) await loop();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    progress.end();
  }
  for (const message of mergeByTime([...runs.values()]).slice(0, count)) {
    const full = printer.print(message);
    if (full !== undefined) await full;
    printed++;
  }
  return printed;

  async function loop(): Promise<void> {
    for await (const batch of watched(consumer, context)) {
      const name = partitionName(batch);
      const end = stops.get(name) ?? Infinity;
      for (const message of batch) {
        if (message.offset >= end) break;
        read++;
        if (filter !== undefined && !filter(message)) continue;
        if (byTime) {
          if (!runs.has(name)) runs.set(name, []);
          runs.get(name)!.push(message);
          continue;
        }
        const full = printer.print(message, batch.highWatermark - message.offset - 1);
        if (++printed >= count) return;
        if (full !== undefined) {
          await full;
          if (signal.aborted) return;
        }
      }
      progress.at(read);
      if (output.isTerminal) await output.flush();
    }
  }

  /** The loop ends behind what has been printed. */
  function stop(): void {
    void consumer.stop();
  }
}

/** The consumer's batches. It waits for brokers for ever; a person is told when none has been there for `--timeout`. */
async function* watched(consumer: Consumer, { timeoutMs = 10_000, signal }: Context) {
  const batches = consumer.batches()[Symbol.asyncIterator]();
  let answeredAt = performance.now();
  // Settled anew for each batch: a promise that outlives them all would hold on to each of them.
  let give: ((failure: Error) => void) | undefined;
  const look = setInterval(() => {
    if (performance.now() - answeredAt < timeoutMs) return;
    consumer.lag({ signal }).then(
      () => (answeredAt = performance.now()),
      (error: unknown) => give?.(error as Error),
    );
  }, 1000);
  try {
    for (;;) {
      const { done, value } = await new Promise<Awaited<ReturnType<typeof batches.next>>>((resolve, reject) => {
        give = reject;
        batches.next().then(resolve, reject);
      });
      if (done) return;
      yield value;
      answeredAt = performance.now();
    }
  } finally {
    clearInterval(look);
    await batches.return?.();
  }
}
