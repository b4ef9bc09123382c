import type { KafkaError } from '@tskafka/core';
import type { Deserialize } from '../deserializer.ts';
import { messageMaker, plainMessage } from '../message.ts';
import type { HandleUnparsable } from '../unparsable.ts';
import { type Acquired, acquiredRecords, openBatches, type OpenBatch } from './acquired-records.ts';
import { Delivery, type Lock } from './delivery.ts';
import type { LockedRecords } from './locked-records.ts';
import type { SharedData } from './share-leader.ts';
import { type ShareMessage, withDeliveryCount } from './share-message.ts';
import type { SharePartition } from './share-partition.ts';

export interface ShareIntakeOptions<Value, Key> {
  readonly deserializer: Deserialize<Value, Key> | undefined;
  readonly copyValues: boolean;
  readonly checkCrcs: boolean;
  readonly maxDecompressedBytes: number | undefined;
  /** What to do with a message that the deserializer refuses. */
  readonly onUnparsable: HandleUnparsable;
  /** Whether such a message is done when it was passed over: its bytes are a dead letter. Else it is rejected. */
  readonly keepsUnparsable: boolean;
}

type ToMake = Extract<Acquired, { kind: 'record' }>;
type Made<Value, Key> = ShareMessage<Value, Key> | undefined;

/**
 * Makes deliveries of what a broker acquired. Gaps are acknowledged at once. What cannot be read, or not be parsed under the policy 'fail',
 * becomes a delivery with an error, which the reader is told in its turn.
 */
export function shareIntake<Value, Key>(options: ShareIntakeOptions<Value, Key>) {
  const toMessage = messageMaker(options.deserializer, options.copyValues);

  /** The message, or undefined where it is passed over; a promise where one of the two takes its time. */
  const make = ({ origin, cursor, deliveryCount }: ToMake): Made<Value, Key> | Promise<Made<Value, Key>> => {
    const refused = (error: unknown): undefined | Promise<undefined> => {
      const handled = options.onUnparsable(error, plainMessage(origin, cursor));
      return handled instanceof Promise ? handled.then(() => undefined) : undefined;
    };
    try {
      const message = toMessage(origin, cursor);
      if (!(message instanceof Promise)) return withDeliveryCount(message, deliveryCount);
      return message.then((made) => withDeliveryCount(made, deliveryCount), refused);
    } catch (error) {
      return refused(error);
    }
  };

  return async (locked: LockedRecords, partition: SharePartition, data: SharedData, lock: Lock): Promise<Delivery<Value, Key>[]> => {
    const deliveries: Delivery<Value, Key>[] = [];
    const add = (offset: number, message: ShareMessage<Value, Key> | undefined, error?: unknown): Delivery<Value, Key> => {
      const delivery = new Delivery<Value, Key>(locked, { partition, offset, message, error, lock });
      deliveries.push(delivery);
      return delivery;
    };
    let batches: OpenBatch[] = [];
    let failure: KafkaError | undefined;
    try {
      batches = await openBatches(data.records, options);
    } catch (error) {
      failure = error as KafkaError;
    }
    for (const acquired of acquiredRecords(partition, batches, data.acquiredRecords)) {
      if (acquired.kind === 'gap') locked.acknowledgeGap(partition, acquired.range, lock);
      else if (acquired.kind === 'unreadable') {
        const { firstOffset, lastOffset } = acquired.range;
        add(firstOffset, undefined, failure ?? acquired.error);
        // One error is enough for all of them. Should the bytes have been hurt on their way, they are better the next time.
        for (let offset = firstOffset + 1; offset <= lastOffset; offset++) locked.acknowledge(add(offset, undefined), 'release');
      } else {
        const { offset } = acquired.cursor;
        try {
          const made = make(acquired);
          const message = made instanceof Promise ? await made : made;
          const delivery = add(offset, message);
          if (message === undefined) locked.acknowledge(delivery, options.keepsUnparsable ? 'accept' : 'reject');
        } catch (error) {
          add(offset, undefined, error);
        }
      }
    }
    return deliveries;
  };
}
