import { defineConfig } from 'vitest/config';

/** Other people's clients on the mock, over TCP: what they need is installed by nobody but the machine's owner, so `npm test` leaves them out. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { tsconfigPaths: true },
  test: {
    include: ['**/*.test.ts'],
    globalSetup: ['./needs.ts'],
    maxWorkers: 2,
    maxConcurrency: 3,
    retry: 0,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    slowTestThreshold: 10_000,
  },
});
