import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { dependencyDirection } from './tools/lint/dependency-direction.ts';

const clockMessage = 'Take it from the injected Clock or Random, so that a test holds time and chance in its hand.';

export default defineConfig(
  globalIgnores([
    '**/dist/**',
    '**/node_modules/**',
    '**/.reports/**',
    'packages/core/src/protocol/{apis,messages}/**',
    'packages/testing/src/configs/generated/**',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { tskafka: { rules: { 'dependency-direction': dependencyDirection } } },
    rules: {
      'tskafka/dependency-direction': 'error',
      eqeqeq: 'error',
      'no-async-promise-executor': 'error',
      'no-constant-binary-expression': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-assignment': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export it by name.' }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Indexed bytes and counted loops need `!` under noUncheckedIndexedAccess.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['packages/{core,producer,consumer,testing}/src/**/*.ts'],
    // The real ones are named where they are the default; and a turn of the event loop is measured in the machine's own time.
    ignores: ['**/*.test.ts', 'packages/core/src/{clock,options}.ts'],
    rules: {
      'no-restricted-globals': ['error', ...['setTimeout', 'setInterval', 'performance'].map((name) => ({ name, message: clockMessage }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clockMessage },
        { object: 'Math', property: 'random', message: clockMessage },
      ],
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-properties': [
        'error',
        ...['it', 'test', 'describe'].flatMap((object) => [
          { object, property: 'only', message: 'It hides every other test.' },
          { object, property: 'skip', message: 'A test that does not run proves nothing.' },
        ]),
      ],
    },
  },
  {
    // Programs speak to a person; configuration files are what their tools ask for.
    files: [
      'packages/cli/src/**/*.ts',
      'scripts/**/*.ts',
      'tools/**/*.ts',
      'examples/**/*.ts',
      'benchmarks/**/*.ts',
      'conformance/programs/{worker,event-loop,keep-messages}.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.config.ts', 'eslint.config.js'], rules: { 'no-restricted-syntax': 'off' } },
);
