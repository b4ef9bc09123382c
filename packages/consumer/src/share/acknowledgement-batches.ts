/** Offsets of a partition, both ends included, with the same acknowledgement. */
export interface AcknowledgedRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Kafka's number. */
  readonly code: number;
}

/** As a request has it: one type for all offsets of a batch. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly acknowledgeTypes: readonly number[];
}

/** The fewest batches that say this of offsets, in rising order, which is what brokers ask for. No two ranges have an offset in common. */
export function acknowledgementBatches(ranges: Iterable<AcknowledgedRange>): AcknowledgementBatch[] {
  const batches: { firstOffset: number; lastOffset: number; acknowledgeTypes: [number] }[] = [];
  for (const { firstOffset, lastOffset, code } of [...ranges].sort((a, b) => a.firstOffset - b.firstOffset)) {
    const last = batches.at(-1);
    if (last?.acknowledgeTypes[0] === code && last.lastOffset + 1 === firstOffset) last.lastOffset = lastOffset;
    else batches.push({ firstOffset, lastOffset, acknowledgeTypes: [code] });
  }
  return batches;
}
