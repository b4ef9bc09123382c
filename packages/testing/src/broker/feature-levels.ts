import type { Features } from './features.ts';

/** The feature levels of a cluster, which an administrator may change (KIP-584). */
export class FeatureLevels {
  readonly supported: Features['supported'];
  readonly #levels: Map<string, number>;
  #epoch: number;

  constructor({ supported, finalized, epoch }: Features) {
    this.supported = supported;
    this.#levels = new Map(finalized.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]));
    this.#epoch = epoch;
  }

  /** Grows with each change; -1 where the cluster has no features. */
  copyFrom(other: FeatureLevels): void {
    this.#levels.clear();
    for (const [name, level] of other.#levels) this.#levels.set(name, level);
    this.#epoch = other.#epoch;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get finalized(): Features['finalized'] {
    return [...this.#levels].map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level }));
  }

  /** 0 for a feature that the cluster does without. */
  level(name: string): number {
    return this.#levels.get(name) ?? 0;
  }

  set(name: string, level: number): void {
    if (level === 0) this.#levels.delete(name);
    else this.#levels.set(name, level);
    this.#epoch++;
  }
}
