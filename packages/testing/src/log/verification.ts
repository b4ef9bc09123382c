/**
 * A producer whose partition is being checked with the transaction coordinator, until its first batch is in the log (KIP-890).
 *
 * The lowest sequence seen keeps a later batch out while an earlier one is still to be sent again.
 */
export interface Verification {
  readonly epoch: number;
  readonly lowestSequence: number;
  /** Whether the producer speaks protocol 2, where each transaction begins at sequence 0. */
  readonly bumpsEpochs: boolean;
}

/** What is known once another batch asks to be checked. */
export function withAttempt(known: Verification | undefined, attempt: Verification): Verification {
  if (known === undefined) return attempt;
  const { epoch, lowestSequence } = attempt;
  const newer = epoch > known.epoch || (epoch === known.epoch && lowestSequence < known.lowestSequence);
  return newer ? { ...known, epoch, lowestSequence } : known;
}

/** Whether the batch may not be the producer's first one here. */
export function isOutOfOrder(verification: Verification, firstSequence: number, hasBatches: boolean): boolean {
  return (verification.bumpsEpochs && firstSequence !== 0 && !hasBatches) || firstSequence > verification.lowestSequence;
}
