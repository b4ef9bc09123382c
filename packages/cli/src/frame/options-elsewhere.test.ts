import { expect, it } from 'vitest';
import { hereFor } from './options-elsewhere.ts';

it.each([
  ['-e', 'consume', 'consume ends by itself where the partitions ended when it began: leave -e away'],
  ['-e', 'produce', undefined],
  ['--bootstrap-server', 'topics', 'here it is -b'],
  ['--bootstrap-server', undefined, 'here it is -b'],
  ['--topic', 'topic describe', 'the topic needs no option: tskafka topic describe TOPIC'],
  ['--group', 'lag', 'the group needs no option: tskafka lag GROUP'],
  ['--group', 'consume', 'here it is -G'],
  [undefined, 'consume', undefined],
])('%s of %s: %s', (option, command, hint) => {
  expect(hereFor(option, command)).toBe(hint);
});
