import { defineConfig } from 'vitest/config';

// Tests run against the sources: tsconfig.base.json's paths say where each package's source is.
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'] },
});
