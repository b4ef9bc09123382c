import { expect, it } from 'vitest';
import { hereFor } from './options-elsewhere.ts';

it.each([
  ['-e', 'consume', 'consume stops at the end by itself: leave out -e'],
  ['-e', 'produce', undefined],
  ['--bootstrap-server', 'topics', 'here it is -b'],
  ['--bootstrap-server', undefined, 'here it is -b'],
  ['--topic', 'topic describe', 'give the topic without an option: tskafka topic describe TOPIC'],
  ['--group', 'lag', 'give the group without an option: tskafka lag GROUP'],
  ['--group', 'consume', 'here it is -G'],
  ['--list', 'topics', 'tskafka topics lists them'],
  ['--list', 'groups', 'tskafka groups lists them'],
  ['--property', 'produce', 'here it is -K, which says what stands between key and value'],
  ['-L', undefined, 'tskafka topics and tskafka brokers list what there is'],
  [undefined, 'consume', undefined],
])('%s of %s: %s', (option, command, hint) => {
  expect(hereFor(option, command)).toBe(hint);
});
