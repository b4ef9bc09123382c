import { expect, it } from 'vitest';
import { connectionOverridesError } from './connection-overrides-error.ts';

it.each([
  ['', undefined],
  ['127.0.0.1:5,10.0.0.1:7', undefined],
  ['127.0.0.1:-5', undefined],
  [':5', undefined],
  ['::1:5', undefined],
  ['localhost: 5 , ', undefined],
  ['nonsense', "Error parsing configuration property 'x': begin 0, end -1, length 8"],
  ['a:1,,b:2', "Error parsing configuration property 'x': begin 0, end -1, length 0"],
  ['127.0.0.1:many', 'For input string: "many"'],
  ['127.0.0.1:2147483648', 'For input string: "2147483648"'],
  ['no host:5,b/c:1', 'x contains invalid addresses : no host,b/c'],
])('reads %j as Kafka does', (text, error) => {
  expect(connectionOverridesError('x', text)).toBe(error);
});
