import { expect, it } from 'vitest';
import { type LoggedRequest, RequestLog } from './request-log.ts';

it('forgets the older half of what takes more than 64 MiB', () => {
  const log = new RequestLog(1000);
  for (let at = 0; at < 10; at++) log.add({ at } as LoggedRequest, 10 * 1024 * 1024);
  expect(log.entries().map(({ at }) => at)).toEqual([4, 5, 6, 7, 8, 9]);
});
