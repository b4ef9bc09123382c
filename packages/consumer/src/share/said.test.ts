import { describe, expect, it } from 'vitest';
import { Delivery, type Lock } from './delivery.ts';
import { Said, type SaidOfPartition } from './said.ts';

const orders = { topic: 'orders', topicId: 'a', partition: 0 };
const nobody = { acknowledge: () => {} };

function delivery(offset: number, lock: Lock = { since: 0, until: 0 }): Delivery {
  return new Delivery(nobody, { partition: orders, offset, message: undefined, error: undefined, lock });
}

/** `0-1:1 2-2:2`: what goes out. */
function sent(said: readonly SaidOfPartition[]): string[] {
  return said.map((of) =>
    of
      .batches()
      .map((batch) => `${batch.firstOffset}-${batch.lastOffset}:${batch.acknowledgeTypes.join()}`)
      .join(' '),
  );
}

describe('what is said of records', () => {
  it('goes out once, the newest of each', () => {
    const said = new Said();
    const [a, b] = [delivery(0), delivery(1)];
    said.add(a, 'renew');
    said.add(a, 'accept');
    said.add(b, 'accept');
    said.addGap(orders, { firstOffset: 2, lastOffset: 4, deliveryCount: 1 }, a!.lock);
    expect(sent(said.take())).toEqual(['0-1:1 2-4:0']);
    expect(said.isEmpty).toBe(true);
  });

  it('goes out again after a failure, but for what was said anew meanwhile', () => {
    const said = new Said();
    const [a, b] = [delivery(0), delivery(1)];
    said.add(a, 'renew');
    said.add(b, 'accept');
    const [failed] = said.take();
    said.add(a, 'release');
    said.putBack(failed!);
    expect(sent(said.take())).toEqual(['0-0:2 1-1:1']);
  });

  it('is taken apart by locks, and each part goes out without the others', () => {
    const said = new Said();
    said.add(delivery(0), 'accept');
    said.add(delivery(1), 'accept');
    const [failed] = said.take();
    said.putBackApart(failed!.byLock());
    said.add(delivery(2), 'accept');
    expect(sent(said.take())).toEqual(['0-0:1']);
    expect(sent(said.take())).toEqual(['1-1:1']);
    expect(sent(said.take())).toEqual(['2-2:1']);
    expect(said.isEmpty).toBe(true);
  });

  it('does not go out any more for what is deleted', () => {
    const said = new Said();
    const [a, b] = [delivery(0), delivery(1)];
    said.add(a, 'accept');
    said.add(b, 'accept');
    said.delete(a);
    expect(said.has(a)).toBe(false);
    expect(sent(said.take())).toEqual(['1-1:1']);
  });
});
