import { expect, it } from 'vitest';
import { splitGlobals } from './split-globals.ts';

it.each([
  ['topic create orders -p 3', '', 'topic create orders -p 3'],
  ['-C prod topic --brokers a:1,b:2 orders', '-C prod --brokers a:1,b:2', 'topic orders'],
  ['topics --json --timeout=5s --tls', '--json --timeout=5s --tls', 'topics'],
  ['produce -H a=b -X client.id=me --header x=y', '-X client.id=me', 'produce -H a=b --header x=y'],
  ['topics -C', '', 'topics -C'],
])('%s', (words, globals, rest) => {
  const split = splitGlobals(words.split(' '));
  expect({ globals: split.globals.join(' '), rest: split.rest.join(' ') }).toEqual({ globals, rest });
});
