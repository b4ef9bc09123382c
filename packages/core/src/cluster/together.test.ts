import { expect, it } from 'vitest';
import { Together } from './together.ts';

function scene() {
  const asked: string[][] = [];
  const together = new Together<string, number>((keys) => {
    asked.push([...keys]);
    if (keys.includes('broken')) return Promise.reject(new Error('no answer'));
    return Promise.resolve(new Map(keys.filter((key) => key !== 'left out').map((key) => [key, key.length])));
  });
  return { asked, ask: (key: string) => together.ask(key) };
}

it('makes one question of what is asked in one turn, and another one of the next', async () => {
  const { asked, ask } = scene();
  expect(await Promise.all([ask('a'), ask('bb'), ask('a')])).toEqual([1, 2, 1]);
  expect(await ask('ccc')).toBe(3);
  expect(asked).toEqual([['a', 'bb'], ['ccc']]);
});

it('an error is that of all who asked with it, and of nobody later', async () => {
  const { asked, ask } = scene();
  const both = await Promise.allSettled([ask('a'), ask('broken')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask('a')).toBe(1);
  expect(asked).toHaveLength(2);
});

it('what the answer does not mention is an error of that key alone', async () => {
  const { ask } = scene();
  const [known, unknown] = await Promise.allSettled([ask('a'), ask('left out')]);
  expect(known).toMatchObject({ value: 1 });
  expect(unknown).toMatchObject({ reason: { message: "left out: the broker's answer does not mention it", retriable: true } });
});
