import type { StateBatch } from './in-flight-batch.ts';

/** What was stored, with what is newer laid over it. Nothing before `startOffset` is kept; neighbours that are alike are joined. */
export function combineStateBatches(stored: readonly StateBatch[], newer: readonly StateBatch[], startOffset: number): StateBatch[] {
  let batches = [...stored];
  for (const batch of newer) batches = [...batches.flatMap((old) => without(old, batch)), batch];
  const kept = batches.filter(({ lastOffset }) => lastOffset >= startOffset).sort((a, b) => a.firstOffset - b.firstOffset);
  const result: StateBatch[] = [];
  for (const batch of kept) {
    const clipped = batch.firstOffset < startOffset ? { ...batch, firstOffset: startOffset } : batch;
    const before = result.at(-1);
    const joins = before?.lastOffset === clipped.firstOffset - 1 && isAlike(before, clipped);
    if (joins) result[result.length - 1] = { ...before, lastOffset: clipped.lastOffset };
    else result.push(clipped);
  }
  return result;
}

/** What is left of `old` where `newer` lies over it. */
function without(old: StateBatch, newer: StateBatch): StateBatch[] {
  if (newer.lastOffset < old.firstOffset || newer.firstOffset > old.lastOffset) return [old];
  const left = { ...old, lastOffset: newer.firstOffset - 1 };
  const right = { ...old, firstOffset: newer.lastOffset + 1 };
  return [left, right].filter(({ firstOffset, lastOffset }) => firstOffset <= lastOffset);
}

function isAlike(a: StateBatch, b: StateBatch): boolean {
  return a.state === b.state && a.deliveryCount === b.deliveryCount;
}
