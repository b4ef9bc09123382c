import { readFile } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nextTurn } from './next-turn.ts';

/** Holds the thread until what was due in a millisecond is. */
function work(): void {
  for (const begin = performance.now(); performance.now() - begin < 3;);
}

describe('nextTurn', () => {
  it.each([
    ['a file is read', (callback: () => void) => readFile(import.meta.filename, callback)],
    ['an immediate runs', (callback: () => void) => setImmediate(callback)],
    ['a timer fires', (callback: () => void) => setTimeout(callback, 1)],
  ])('lets a timer that is due fire first, asked for while %s', async (_when, enter) => {
    const order: string[] = [];
    await new Promise<void>((resolve) =>
      enter(() => {
        setTimeout(() => order.push('timer'), 1);
        work();
        void nextTurn().then(() => {
          order.push('next turn');
          resolve();
        });
      }),
    );
    expect(order).toEqual(['timer', 'next turn']);
  });
});
