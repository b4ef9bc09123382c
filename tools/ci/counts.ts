export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Tests of a report that vitest's JSON reporter wrote. A file that could not be loaded counts as one that failed. */
export function countReport(json: string): Counts {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(json) as Report;
  const unloaded = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/** Checks that a program's output tells of: its own sum, or Nx's tasks but for the tests, which have reports. */
export function countLog(log: string): Counts {
  const sum = /^(\d+) passed, (\d+) failed$/m.exec(log);
  if (sum !== null) return { passed: Number(sum[1]), failed: Number(sum[2]) };
  const isTest = /:test\b/;
  const passed = [...log.matchAll(/^✔ +nx run (\S+)/gm)].filter(([, task]) => !isTest.test(task!));
  const failures = /^Failed tasks:\n\n((?:- \S+\n)+)/m.exec(log)?.[1] ?? '';
  const failed = failures.split('\n').filter((line) => line !== '' && !isTest.test(line));
  return { passed: passed.length, failed: failed.length };
}
