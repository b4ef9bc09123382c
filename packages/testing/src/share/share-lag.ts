import type { StoredShareState } from './share-states.ts';

/** How many records a share group has still to be done with (KIP-1226); undefined before it has begun to read. */
export function shareLag({ startOffset, deliveryCompleteCount }: StoredShareState, endOffset: number): number | undefined {
  return startOffset === -1 || deliveryCompleteCount === -1 ? undefined : endOffset - startOffset - deliveryCompleteCount;
}
