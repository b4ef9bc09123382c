import { expect, it } from 'vitest';
import { wordsOf } from './words-of.ts';

const names = new Set(['consume', 'groups', 'help', 'mock', 'tail', 'topics', '__complete']);

it.each([
  ['consume orders -c 5', 'consume orders -c 5'],
  ['--version', '--version'],
  ['consum orders', 'consum orders'],
  ['help', '--help'],
  ['help tail', 'tail --help'],
  ['help tial', 'tial'],
  ['topics list', 'topics'],
  ['-b kafka:9092 groups list --json', '-b kafka:9092 groups --json'],
  ['topics list-of-all', 'topics list-of-all'],
  ['tail -5 orders', 'tail -n 5 orders'],
  ['-C staging tail orders -20', '-C staging tail orders -n 20'],
  ['tail -n -5 orders', 'tail -n -5 orders'],
  ['mock --port 9092', 'mock --port 9092'],
  ['mock --topic orders -- npm test -- --watch', 'mock --topic orders -- -- npm test -- --watch'],
  ['__complete -- consume --rea', '__complete -- -- consume --rea'],
  ['__complete -- -C prod tail --tls or', '-C prod --tls __complete -- -- -C prod tail --tls or'],
  ['__complete -- tail -C', '__complete -- -- tail -C'],
  ['__complete -- tail -C pro', '__complete -- -- tail -C pro'],
])('%s', (typed, words) => {
  expect(wordsOf(typed.split(' '), (name) => names.has(name))).toEqual(words.split(' '));
});
