import { defineConfig } from 'vitest/config';

// Tests run against the sources: tsconfig.base.json's paths say where each package's source is.
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tools/vitest/fail-on-warnings.ts'],
    maxWorkers: 2,
    slowTestThreshold: 300,
    // Far above what a test takes, so that a busy machine fails none.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
