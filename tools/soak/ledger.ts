import type { Persistence } from '@tskafka/core';

/** What became of a send: the offset that was acknowledged, or one of these. */
export const fates = { pending: -1, notPersisted: -2, possiblyPersisted: -3, persistedAndRejected: -4, silent: -5 } as const;

/** Everything that one partition was sent, by its sequence: 0, 1, ... in the order of the calls. */
export class PartitionLedger {
  readonly topic: string;
  readonly partition: number;
  readonly fates: number[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  /** The next send: its sequence. */
  begin(): number {
    return this.fates.push(fates.pending) - 1;
  }

  acknowledged(sequence: number, offset: number): void {
    this.#settle(sequence, offset);
  }

  rejected(sequence: number, persistence: Persistence | undefined): void {
    const fate = {
      'not persisted': fates.notPersisted,
      'possibly persisted': fates.possiblyPersisted,
      persisted: fates.persistedAndRejected,
    };
    this.#settle(sequence, persistence === undefined ? fates.silent : fate[persistence]);
  }

  #settle(sequence: number, fate: number): void {
    if (this.fates[sequence] !== fates.pending) throw new Error(`${this.name}: the send ${sequence} was settled twice`);
    this.fates[sequence] = fate;
  }
}

/** Every value says where it belongs, so that one that went astray is seen. */
export function valueOf({ topic, partition }: PartitionLedger, sequence: number): string {
  return `${topic}/${partition}/${sequence}/`.padEnd(24 + ((sequence * 7919) % 160), '.');
}

/** The sequence in a value of this partition; undefined for a value that does not belong there. */
export function sequenceOf(topic: string, partition: number, value: string): number | undefined {
  const start = `${topic}/${partition}/`;
  const sequence = value.startsWith(start) ? parseInt(value.slice(start.length), 10) : NaN;
  return Number.isNaN(sequence) ? undefined : sequence;
}
