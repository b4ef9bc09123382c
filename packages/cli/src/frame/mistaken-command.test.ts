import { expect, it } from 'vitest';
import { mistakenCommand } from './mistaken-command.ts';

const paths = [
  'topics',
  'cluster',
  ...['describe', 'create', 'delete', 'trim'].map((name) => `topic ${name}`),
  'users list',
  'users delete',
  'acls list',
  'acls create',
  'consume',
  'bench consume',
  'offsets reset',
  'reassign move',
  'log-dirs move',
];

function hintFor(path: string, words: string, { isDefault = true, takesWords = true } = {}): string | undefined {
  return mistakenCommand({ path, isDefault, takesWords, words: words.split(' ').filter(Boolean) }, paths)?.hint;
}

it.each([
  ['topic describe', 'creat orders', 'did you mean topic create? if not: tskafka topic describe creat orders'],
  ['topic describe', 'craete orders -p 3', 'did you mean topic create? if not: tskafka topic describe craete orders -p 3'],
  ['topic describe', 'tirm --before end', 'did you mean topic trim? if not: tskafka topic describe tirm --before end'],
  ['users list', 'delet alice', 'did you mean users delete? if not: tskafka users list delet alice'],
  // As rpk and kaf have them.
  ['topic describe', 'consume orders', 'did you mean consume? if not: tskafka topic describe consume orders'],
  ['group describe', 'reset billing', 'did you mean offsets reset? if not: tskafka group describe reset billing'],
  ['users list', 'reset alice', undefined],
  ['topic describe', 'move orders', undefined],
  // These are names.
  ['topic describe', 'creat', undefined],
  ['topic describe', 'orders payments', undefined],
  ['users list', 'pete alice', undefined],
  ['topic describe', '--members', undefined],
  ['topic describe', '', undefined],
])('%s %s: %s', (path, words, hint) => {
  expect(hintFor(path, words)).toBe(hint);
});

it.each([
  ['create orders -p 3', 'did you mean topic create?'],
  ['delte orders', 'did you mean topic delete?'],
  ['trim', undefined],
  ['orders-* --only unavailable', undefined],
])('the plural lists, and takes one pattern: topics %s: %s', (words, hint) => {
  expect(hintFor('topics', words, { isDefault: false })).toBe(hint);
});

it.each([
  ['creat', 'did you mean acls create?'],
  ['crate --topic x', 'did you mean acls create?'],
  ['orders', 'tskafka acls --help lists its commands'],
])('where no name may stand each word is a command: acls %s: %s', (words, hint) => {
  expect(hintFor('acls list', words, { takesWords: false })).toBe(hint);
});

it('a command that was named is that', () => {
  expect(hintFor('topic describe', 'creat orders', { isDefault: false })).toBeUndefined();
  expect(hintFor('consume', 'cluster orders', { isDefault: false })).toBeUndefined();
  expect(hintFor('cluster', 'topics', { isDefault: false, takesWords: false })).toBeUndefined();
});
