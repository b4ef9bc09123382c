/** Counts checks as a test runner does: each has a name, and the last line says how many held. */
export class Checks {
  #passed = 0;
  #failed = 0;

  /** Runs one check. It fails when `body` throws. Resolves with its value, or undefined when it failed. */
  async check<Value>(name: string, body: () => Value | Promise<Value>): Promise<Value | undefined> {
    const start = performance.now();
    try {
      const value = await body();
      this.#passed++;
      console.log(`  ok    ${name} (${Math.round(performance.now() - start)} ms)`);
      return value;
    } catch (error) {
      this.#failed++;
      const reason = error instanceof Error ? error.message : String(error);
      console.log(`  FAIL  ${name}\n${reason.replace(/^/gm, '        ')}`);
      return undefined;
    }
  }

  /** Prints the sum as CI reads it, and makes the process fail when a check did. */
  summary(): void {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    if (this.#failed > 0 || this.#passed === 0) process.exitCode = 1;
  }
}

export function equal<Value extends string | number | undefined>(actual: Value, expected: Value, what: string): void {
  if (actual !== expected) throw new Error(`${what} is ${String(actual)}, not ${String(expected)}`);
}
