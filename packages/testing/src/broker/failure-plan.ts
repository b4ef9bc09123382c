/** Which part of a request is to fail. What is left out matches all. */
export interface FailureScope {
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
}

interface PlannedFailure {
  readonly scope: FailureScope;
  readonly take: () => number | undefined;
  taken: number | undefined;
}

/**
 * The errors that a test has ordered for one request. A handler asks before each topic or partition that it would serve.
 *
 * A code is taken from its queue only when the request has something in its scope, and then holds for all of it.
 */
export class FailurePlan {
  readonly #planned: PlannedFailure[] = [];

  add(scope: FailureScope, take: () => number | undefined): void {
    this.#planned.push({ scope, take, taken: undefined });
  }

  /** The code for this topic or partition, or for a request that has none; 0 for none. */
  codeFor(topic?: string, partition?: number): number {
    for (const planned of this.#planned) {
      const { scope } = planned;
      if (scope.topic !== undefined && scope.topic !== topic) continue;
      if (scope.partition !== undefined && partition !== undefined && scope.partition !== partition) continue;
      planned.taken ??= planned.take();
      if (planned.taken !== undefined) return planned.taken;
    }
    return 0;
  }
}

export const noFailures = new FailurePlan();
