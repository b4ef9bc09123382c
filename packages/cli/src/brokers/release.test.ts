import { expect, it } from 'vitest';
import { releaseOf } from './release.ts';

it.each([[6, undefined], [7, '3.3'], [11, '3.5'], [25, '4.0'], [30, '4.3'], [31, 'newer than 4.3']])('level %s is of %s', (level, release) => {
  expect(releaseOf(level)).toBe(release);
}); // prettier-ignore
