/** Where the writing of each leader epoch began. Followers and consumers find out with it whether their log was truncated (KIP-101, KIP-320). */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

/** The entries after a leader of `epoch` began to write at `startOffset`. An epoch that wrote nothing leaves no entry. */
export function assignEpoch(epochs: readonly EpochStart[], epoch: number, startOffset: number): readonly EpochStart[] {
  const last = epochs.at(-1);
  if (last !== undefined && last.epoch === epoch) return epochs;
  return [...epochs.filter((entry) => entry.epoch < epoch && entry.startOffset < startOffset), { epoch, startOffset }];
}

/** The entries of a log that now begins at `startOffset`: the epoch that was writing there begins there. */
export function truncateEpochsFromStart(epochs: readonly EpochStart[], startOffset: number): readonly EpochStart[] {
  const gone = epochs.filter((entry) => entry.startOffset <= startOffset);
  const first = gone.at(-1);
  return first === undefined ? epochs : [{ epoch: first.epoch, startOffset }, ...epochs.slice(gone.length)];
}

/** The entries of a log that now ends at `endOffset`. */
export function truncateEpochsFromEnd(epochs: readonly EpochStart[], endOffset: number): readonly EpochStart[] {
  return epochs.filter((entry) => entry.startOffset < endOffset);
}

/** The largest epoch that is not above `epoch`, and where it ended; (-1, -1) when the log does not know. */
export function endOffsetForEpoch(epochs: readonly EpochStart[], epoch: number, logEndOffset: number): EpochEnd {
  const unknown = { epoch: -1, endOffset: -1 };
  if (epoch === -1) return unknown;
  if (epochs.at(-1)?.epoch === epoch) return { epoch, endOffset: logEndOffset };
  const higher = epochs.find((entry) => entry.epoch > epoch);
  if (higher === undefined) return unknown;
  const floor = epochs.findLast((entry) => entry.epoch <= epoch);
  // Older than all we know: the log no longer has it, and what follows begins at the first entry.
  return { epoch: floor?.epoch ?? epoch, endOffset: higher.startOffset };
}

/** The epoch that wrote the record at `offset`, or undefined. */
export function epochOfOffset(epochs: readonly EpochStart[], offset: number): number | undefined {
  return epochs.findLast((entry) => entry.startOffset <= offset)?.epoch;
}
