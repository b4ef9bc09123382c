import { describe, expect, it } from 'vitest';
import { MetadataRefresh, type TopicErrors } from './metadata-refresh.ts';

describe('MetadataRefresh', () => {
  const asked: { topics: readonly string[]; answer: (errors?: TopicErrors) => void; fail: (error: Error) => void }[] = [];
  const start = () => {
    asked.length = 0;
    return new MetadataRefresh(
      (topics) => new Promise((answer, fail) => asked.push({ topics, answer: (errors = new Map()) => answer(errors), fail })),
    );
  };

  it('M18: who asks for what is on its way shares the request', async () => {
    const refresh = start();
    const both = [refresh.request(['a', 'b']), refresh.request(['b']), refresh.request([])];
    expect(asked).toHaveLength(1);
    asked[0]!.answer(new Map([['b', 3]]));
    for (const errors of await Promise.all(both)) expect(errors.get('b')).toBe(3);
  });

  it('M18: who needs more while a request is on its way shares the next one', async () => {
    const refresh = start();
    const first = refresh.request(['a']);
    const others = Array.from({ length: 100 }, (_, i) => refresh.request([`topic-${i}`]));
    expect(asked).toHaveLength(1);
    asked[0]!.answer();
    await first;
    await Promise.resolve();
    expect(asked).toHaveLength(2);
    expect(asked[1]!.topics).toHaveLength(100);
    asked[1]!.answer();
    await Promise.all(others);
    void refresh.request(['a']);
    expect(asked).toHaveLength(3);
  });

  it('a request that fails is not kept: the next one is made all the same', async () => {
    const refresh = start();
    const first = refresh.request(['a']);
    const second = refresh.request(['b']);
    asked[0]!.fail(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await Promise.resolve();
    asked[1]!.fail(new Error('refused again'));
    await expect(second).rejects.toThrow('refused again');
    const third = refresh.request(['b']);
    asked[2]!.answer();
    await third;
  });

  it('who comes between two requests joins the one that is about to begin', async () => {
    const refresh = start();
    const late: Promise<unknown>[] = [];
    void refresh.request(['a']).then(() => late.push(refresh.request(['c'])));
    const second = refresh.request(['b']);
    asked[0]!.answer();
    for (let i = 0; i < 10; i++) await Promise.resolve();
    expect(asked.slice(1).flatMap(({ topics }) => topics).sort()).toEqual(['b', 'c']); // prettier-ignore
    for (const { answer } of asked) answer();
    await second;
    for (let i = 0; i < 10; i++) await Promise.resolve();
    for (const { answer } of asked) answer();
    await Promise.all(late);
  });
});
