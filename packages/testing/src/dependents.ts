import { Patience } from './waiting/patience.ts';

/** Far more than an end takes that goes well, and no test waits long for one that hangs. */
const defaultPatienceMs = 500;

/** What lives on a Kafka, and has to end before it. */
export class Dependents {
  readonly #ends = new Set<() => unknown>();

  add(end: () => unknown): void {
    this.#ends.add(end);
  }

  /** Ends them all at the same time, and waits so long for them. Rejects with what the first of them has thrown. */
  async end(patienceMs = defaultPatienceMs): Promise<void> {
    const ends = [...this.#ends];
    this.#ends.clear();
    if (ends.length === 0) return;
    let patience: Patience;
    const late = new Promise<[]>((resolve) => (patience = new Patience(patienceMs, () => resolve([]))));
    const ended = await Promise.race([late, Promise.allSettled(ends.map(async (end) => void (await end())))]);
    patience!.end();
    for (const result of ended) if (result.status === 'rejected') throw result.reason;
  }
}
