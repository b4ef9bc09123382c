import { expect, it } from 'vitest';
import { jsonLine } from './json-line.ts';

const message = { topic: 'orders', partition: 0, offset: 42, timestamp: 1795418150078, key: Buffer.from('k'), value: null, headers: [] };

it('prints every field in a fixed order', () => {
  expect(jsonLine(message)).toBe(
    '{"topic":"orders","partition":0,"offset":42,"timestamp":1795418150078,"time":"2026-11-23T07:15:50.078Z","key":"k","value":null,"headers":[]}',
  );
});

it('loses no byte of a value that is no text', () => {
  const line = JSON.parse(jsonLine({ ...message, value: Buffer.from([0, 0xff]) }));
  expect(line).toMatchObject({ value: 'AP8=', valueEncoding: 'base64' });
});

it('keeps headers with one name, and a header without a value', () => {
  const headers: [string, Buffer | null][] = [
    ['h', Buffer.from('1')],
    ['h', null],
  ];
  expect(JSON.parse(jsonLine({ ...message, headers })).headers).toEqual([
    ['h', '1'],
    ['h', null],
  ]);
});

it('T4: prints a message whose time no Date can hold', () => {
  expect(JSON.parse(jsonLine({ ...message, timestamp: Number.MAX_SAFE_INTEGER }))).not.toHaveProperty('time');
});
