import { apis } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { apiName } from './api-names.ts';

it('names each request as its definition does', () => {
  for (const { key, name } of Object.values(apis).flat()) expect(apiName(key)).toBe(name);
  expect(apiName(52)).toBe('Vote');
  expect(apiName(5000)).toBe('(5000)');
});
