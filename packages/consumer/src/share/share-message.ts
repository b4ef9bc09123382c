import type { Message } from '../message.ts';

/** A message that is locked for this consumer until it is acknowledged or its lock expires. */
export type ShareMessage<Value = Buffer | null, Key = Buffer | null> = Message<Value, Key> & {
  /** How often it has been delivered to consumers of the group, including this time. The broker gives up after group.share.delivery.count.limit. */
  readonly deliveryCount: number;
};

export function withDeliveryCount<Value, Key>(message: Message<Value, Key>, deliveryCount: number): ShareMessage<Value, Key> {
  return Object.assign(message, { deliveryCount });
}
