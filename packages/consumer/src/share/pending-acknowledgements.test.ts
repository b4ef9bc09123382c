import { describe, expect, it } from 'vitest';
import { Delivery, type Lock } from './delivery.ts';
import { PendingAcknowledgements, type PartitionAcknowledgements } from './pending-acknowledgements.ts';

const orders = { topic: 'orders', topicId: 'a', partition: 0 };
const nobody = { acknowledge: () => {} };

function delivery(offset: number, lock: Lock = { since: 0, until: 0 }): Delivery {
  return new Delivery(nobody, { partition: orders, offset, message: undefined, error: undefined, lock });
}

/** `0-1:1 2-2:2`: what goes out. */
function sent(acknowledgements: readonly PartitionAcknowledgements[]): string[] {
  return acknowledgements.map((of) =>
    of
      .batches()
      .map((batch) => `${batch.firstOffset}-${batch.lastOffset}:${batch.acknowledgeTypes.join()}`)
      .join(' '),
  );
}

describe('pending acknowledgements', () => {
  it('goes out once, the newest of each', () => {
    const acknowledgements = new PendingAcknowledgements();
    const [a, b] = [delivery(0), delivery(1)];
    acknowledgements.add(a, 'renew');
    acknowledgements.add(a, 'accept');
    acknowledgements.add(b, 'accept');
    acknowledgements.addGap(orders, { firstOffset: 2, lastOffset: 4, deliveryCount: 1 }, a!.lock);
    expect(sent(acknowledgements.take())).toEqual(['0-1:1 2-4:0']);
    expect(acknowledgements.isEmpty).toBe(true);
  });

  it('are sent again after a failure, except those that were replaced meanwhile', () => {
    const acknowledgements = new PendingAcknowledgements();
    const [a, b] = [delivery(0), delivery(1)];
    acknowledgements.add(a, 'renew');
    acknowledgements.add(b, 'accept');
    const [failed] = acknowledgements.take();
    acknowledgements.add(a, 'release');
    acknowledgements.putBack(failed!);
    expect(sent(acknowledgements.take())).toEqual(['0-0:2 1-1:1']);
  });

  it('is taken apart by locks, and each part goes out without the others', () => {
    const acknowledgements = new PendingAcknowledgements();
    acknowledgements.add(delivery(0), 'accept');
    acknowledgements.add(delivery(1), 'accept');
    const [failed] = acknowledgements.take();
    acknowledgements.putBackApart(failed!.byLock());
    acknowledgements.add(delivery(2), 'accept');
    expect(sent(acknowledgements.take())).toEqual(['0-0:1']);
    expect(sent(acknowledgements.take())).toEqual(['1-1:1']);
    expect(sent(acknowledgements.take())).toEqual(['2-2:1']);
    expect(acknowledgements.isEmpty).toBe(true);
  });

  it('does not go out any more for what is deleted', () => {
    const acknowledgements = new PendingAcknowledgements();
    const [a, b] = [delivery(0), delivery(1)];
    acknowledgements.add(a, 'accept');
    acknowledgements.add(b, 'accept');
    acknowledgements.delete(a);
    expect(acknowledgements.has(a)).toBe(false);
    expect(sent(acknowledgements.take())).toEqual(['1-1:1']);
  });
});
