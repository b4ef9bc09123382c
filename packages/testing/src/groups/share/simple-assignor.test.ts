import { describe, expect, it } from 'vitest';
import { type AssignedMember, assignSimply } from './simple-assignor.ts';

/** `a: t u, b: t` with what they have had: `a: t0 t1`. */
function members(subscriptions: string, had: string): AssignedMember[] {
  const old = parse(had);
  return [...parse(subscriptions)].map(([memberId, topics]) => {
    const partitions = new Map<string, Set<number>>();
    for (const name of old.get(memberId) ?? []) {
      const topicId = name[0]!;
      partitions.set(topicId, new Set([...(partitions.get(topicId) ?? []), Number(name.slice(1))]));
    }
    return { memberId, topicIds: new Set(topics), partitions };
  });
}

function parse(text: string): Map<string, string[]> {
  const entries = text.split(', ').filter(Boolean);
  return new Map(entries.map((entry) => entry.split(':') as [string, string]).map(([id, rest]) => [id, rest.split(' ').filter(Boolean)]));
}

/** `t: 3, u: 2` are topics and how many partitions they have. */
function partitions(text: string): Map<string, Set<number>> {
  return new Map([...parse(text)].map(([id, [count]]) => [id, new Set(Array.from({ length: Number(count) }, (_, i) => i))]));
}

function assigned(subscriptions: string, topics: string, had = ''): string {
  return [...assignSimply(members(subscriptions, had), partitions(topics))]
    .map(([id, of]) =>
      `${id}: ${[...of].flatMap(([topic, some]) => [...some].map((partition) => `${topic}${partition}`)).join(' ')}`.trim(),
    )
    .join(', ');
}

describe('the simple assignor', () => {
  it.each<[rule: string, subscriptions: string, topics: string, had: string, expected: string]>([
    ['gives one member all', 'a: t', 't: 3', '', 'a: t0 t1 t2'],
    ['divides among two', 'a: t, b: t', 't: 4', '', 'a: t0 t2, b: t1 t3'],
    ['shares a partition where members are more', 'a: t, b: t, c: t', 't: 1', '', 'a: t0, b: t0, c: t0'],
    ['shares each partition as often as the others', 'a: t, b: t, c: t', 't: 2', '', 'a: t0 t1, b: t0, c: t1'],
    ['balances over topics', 'a: t u, b: t u', 't: 1, u: 1', '', 'a: t0, b: u0'],
    ['leaves members what they have had', 'a: t, b: t', 't: 4', 'a: t2 t3', 'a: t2 t3, b: t0 t1'],
    ['takes from those who have too much', 'a: t, b: t', 't: 4', 'a: t0 t1 t2 t3', 'a: t2 t3, b: t0 t1'],
    ['forgets topics that nobody subscribes to', 'a: t', 't: 1, u: 1', 'a: u0', 'a: t0'],
    ['takes each topic by itself where subscriptions differ', 'a: t u, b: t', 't: 2, u: 2', '', 'a: t0 u0 u1, b: t1'],
    ['gives nothing before there is something', 'a: t', 'u: 1', '', 'a:'],
    ['knows no members without subscriptions', 'a:', 't: 1', '', ''],
  ])('%s', (_rule, subscriptions, topics, had, expected) => {
    expect(assigned(subscriptions, topics, had)).toBe(expected);
  });
});
