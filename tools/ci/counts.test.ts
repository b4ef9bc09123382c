import { describe, expect, it } from 'vitest';
import { countLog, countReport } from './counts.ts';

describe('countReport', () => {
  it('counts tests, and a file that could not be loaded as one that failed', () => {
    const testResults = [
      { status: 'passed', assertionResults: [{}, {}] },
      { status: 'failed', assertionResults: [{}] },
      { status: 'failed', assertionResults: [] },
    ];
    expect(countReport(JSON.stringify({ numPassedTests: 2, numFailedTests: 1, testResults }))).toEqual({ passed: 2, failed: 2 });
  });
});

describe('countLog', () => {
  it.each([
    ["a program's own sum", '  ok    one\n3 passed, 1 failed\n', { passed: 3, failed: 1 }],
    ['nothing where nothing is counted', 'generated 80 files\n', { passed: 0, failed: 0 }],
    [
      "Nx's tasks without the tests",
      '✔  nx run core:build\n✔  nx run core:lint  [local cache]\n✔  nx run core:test\n\nFailed tasks:\n\n- core:types\n- cli:test\n\n',
      { passed: 2, failed: 1 },
    ],
  ])('%s', (_name, log, counts) => {
    expect(countLog(log)).toEqual(counts);
  });
});
