import { soon } from '../soon.ts';

/** Tells those who wait that the cluster may have changed: once for all that happens in one go. */
export class Activity {
  readonly #watchers = new Set<() => void>();
  #isTelling = false;
  #hasEnded = false;

  /** Calls `watcher` after each change, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Nothing will change any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  end(): void {
    this.#hasEnded = true;
    this.changed();
  }

  /** Something may have changed: a request was answered, a log grew, a member came or went. */
  changed(): void {
    if (this.#isTelling || this.#watchers.size === 0) return;
    this.#isTelling = true;
    soon(() => {
      this.#isTelling = false;
      for (const watcher of [...this.#watchers]) watcher();
    });
  }
}
