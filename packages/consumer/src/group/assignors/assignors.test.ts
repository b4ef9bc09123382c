import type { TopicPartition } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import type { Assignor, GroupSubscription } from './assignor.ts';
import { rangeAssignor } from './range.ts';
import { roundRobinAssignor } from './round-robin.ts';
import { cooperativeStickyAssignor, stickyAssignor } from './sticky.ts';

interface Said {
  readonly topics: readonly string[];
  readonly owns?: readonly string[];
  readonly generation?: number;
  readonly instance?: string;
  readonly rack?: string;
}

/** `t0` is partition 0 of the topic `t`. */
const partition = (text: string): TopicPartition => ({ topic: text.slice(0, -1), partition: Number(text.at(-1)) });

function members(assignor: Assignor, said: Readonly<Record<string, Said>>): GroupSubscription[] {
  return Object.entries(said).map(([memberId, { topics, owns = [], generation = -1, instance = null, rack = null }]) => {
    const partitions = owns.map(partition);
    const userData = assignor.userData?.({ partitions, generation }) ?? null;
    const ownedPartitions = assignor.isCooperative ? partitions : [];
    return { memberId, groupInstanceId: instance, topics, ownedPartitions, generation, rackId: rack, userData };
  });
}

function assign(
  assignor: Assignor,
  said: Readonly<Record<string, Said>>,
  counts: Readonly<Record<string, number>>,
  racks: Readonly<Record<string, readonly string[]>> = {},
): Record<string, string> {
  const racksOf = ({ topic, partition: number }: TopicPartition): readonly string[] => racks[`${topic}${number}`] ?? [];
  const assigned = assignor.assign(members(assignor, said), new Map(Object.entries(counts)), racksOf);
  return Object.fromEntries(
    [...assigned].map(([memberId, partitions]) => [
      memberId,
      partitions
        .map((each) => `${each.topic}${each.partition}`)
        .sort()
        .join(' '),
    ]),
  );
}

const both = { topics: ['t', 'u'] };
const t = { topics: ['t'] };

// What Java's assignors give for the same members: RangeAssignor and RoundRobinAssignor of 4.3.1.
describe.each<[string, Assignor, [string, Record<string, Said>, Record<string, number>, Record<string, string>][]]>([
  [
    'range',
    rangeAssignor,
    [
      ['the first have one more', { b: t, a: t }, { t: 3 }, { a: 't0 t1', b: 't2' }],
      ['topic by topic', { a: both, b: both }, { t: 3, u: 3 }, { a: 't0 t1 u0 u1', b: 't2 u2' }],
      ['only for those who subscribe', { a: t, b: both }, { t: 2, u: 2 }, { a: 't0', b: 't1 u0 u1' }],
      ['nothing for whom none is left', { a: t, b: t }, { t: 1 }, { a: 't0', b: '' }],
      [
        'static members first, by their names',
        { a: t, b: { ...t, instance: 'z' }, c: { ...t, instance: 'y' } },
        { t: 2 },
        { a: '', b: 't1', c: 't0' },
      ],
      ['a topic that does not exist is left out', { a: both }, { t: 1 }, { a: 't0' }],
    ],
  ],
  [
    'roundrobin',
    roundRobinAssignor,
    [
      ['in turn over all topics', { a: both, b: both }, { t: 3, u: 3 }, { a: 't0 t2 u1', b: 't1 u0 u2' }],
      ['past those who do not subscribe', { a: t, b: both }, { t: 2, u: 2 }, { a: 't0', b: 't1 u0 u1' }],
      ['nobody and nothing', {}, { t: 3 }, {}],
    ],
  ],
  [
    'sticky',
    stickyAssignor,
    [
      ['evenly', { a: t, b: t }, { t: 4 }, { a: 't0 t2', b: 't1 t3' }],
      [
        'everybody keeps what evenness allows',
        { a: { ...t, owns: ['t0', 't1', 't2', 't3'], generation: 1 }, b: t },
        { t: 4 },
        { a: 't0 t1', b: 't2 t3' },
      ],
      [
        'of two claims the later counts',
        { a: { ...t, owns: ['t0', 't1'], generation: 1 }, b: { ...t, owns: ['t0'], generation: 2 } },
        { t: 2 },
        { a: 't1', b: 't0' },
      ],
      [
        'of two claims of one generation neither',
        { a: { ...t, owns: ['t0', 't1'], generation: 1 }, b: { ...t, owns: ['t0'], generation: 1 } },
        { t: 2 },
        { a: 't1', b: 't0' },
      ],
      [
        'what one no longer subscribes to goes',
        { a: { ...t, owns: ['t0', 'u0'], generation: 1 }, b: both },
        { t: 1, u: 1 },
        { a: 't0', b: 'u0' },
      ],
      ['a chain of unequal subscriptions', { a: t, b: both, c: { topics: ['u'] } }, { t: 1, u: 2 }, { a: 't0', b: 'u0', c: 'u1' }],
    ],
  ],
  [
    'cooperative-sticky',
    cooperativeStickyAssignor,
    [
      [
        'what moves is nobody’s until it was given up',
        { a: { ...t, owns: ['t0', 't1'], generation: 1 }, b: t },
        { t: 2 },
        { a: 't0', b: '' },
      ],
      [
        'what two say that they have is nobody’s for a round',
        { a: { ...t, owns: ['t0', 't1'], generation: 5 }, b: { ...t, owns: ['t0', 't2'], generation: 5 }, c: t },
        { t: 4 },
        { a: 't1 t3', b: 't2', c: '' },
      ],
      ['what was given up is the other’s', { a: { ...t, owns: ['t0'], generation: 2 }, b: t }, { t: 2 }, { a: 't0', b: 't1' }],
    ],
  ],
])('%s', (_name, assignor, rows) => {
  it.each(rows)('%s', (_rule, said, counts, expected) => {
    expect(assign(assignor, said, counts)).toEqual(expected);
  });
});

it.each([rangeAssignor, roundRobinAssignor, stickyAssignor, cooperativeStickyAssignor])(
  '$name gives each partition to exactly one who subscribes to it',
  (assignor) => {
    const counts = { t: 7, u: 5, v: 1 };
    const said = { a: both, b: t, c: { topics: ['v', 'u'] }, d: { topics: ['t', 'u', 'v'] } };
    const assigned = assignor.assign(members(assignor, said), new Map(Object.entries(counts)), () => []);
    const given = [...assigned].flatMap(([memberId, partitions]) => partitions.map((each) => ({ memberId, ...each })));
    expect(given).toHaveLength(13);
    expect(new Set(given.map(({ topic, partition: number }) => `${topic}${number}`)).size).toBe(13);
    for (const { memberId, topic } of given) expect(said[memberId as keyof typeof said].topics).toContain(topic);
  },
);

it('a sticky member that says what nobody can read has had nothing', () => {
  const [member] = members(stickyAssignor, { a: t });
  const assigned = stickyAssignor.assign([{ ...member!, userData: Buffer.from([0, 0, 0, 9, 1]) }], new Map([['t', 1]]), () => []);
  expect(assigned.get('a')).toEqual([{ topic: 't', partition: 0 }]);
});

const [here, there] = [
  { ...t, rack: 'x' },
  { ...t, rack: 'y' },
];
const inTurn = { t0: ['y'], t1: ['x'], t2: ['y'], t3: ['x'] };
const owns = (...partitions: string[]) => ({ owns: partitions, generation: 1 });

describe.each([stickyAssignor, cooperativeStickyAssignor])('$name, where members say their racks,', (assignor) => {
  it.each<[string, Record<string, Said>, Record<string, number>, Record<string, readonly string[]>, Record<string, string>]>([
    ['gives what is in the rack of each', { a: here, b: there }, { t: 4 }, inTurn, { a: 't1 t3', b: 't0 t2' }],
    [
      'gives even shares first',
      { a: here, b: there },
      { t: 4 },
      { t0: ['x'], t1: ['x'], t2: ['x'], t3: ['y'] },
      { a: 't0 t1', b: 't2 t3' },
    ],
    [
      'makes no difference where all is everywhere',
      { a: here, b: there },
      { t: 2 },
      { t0: ['x', 'y'], t1: ['x', 'y'] },
      { a: 't0', b: 't1' },
    ],
    [
      'makes no difference where no partition is in a rack of theirs',
      { a: here, b: there },
      { t: 2 },
      { t0: ['z'], t1: ['w'] },
      { a: 't0', b: 't1' },
    ],
    [
      'lets everybody keep what is in their racks',
      { a: { ...here, ...owns('t3') }, b: { ...there, ...owns('t0') } },
      { t: 4 },
      inTurn,
      { a: 't1 t3', b: 't0 t2' },
    ],
    [
      'lets a member keep what is elsewhere when nobody there has room',
      { a: { ...here, ...owns('t0', 't1') }, b: { ...there, ...owns('t2', 't3') } },
      { t: 4 },
      { t0: ['y'], t1: ['x'], t2: ['y'], t3: ['y'] },
      { a: 't0 t1', b: 't2 t3' },
    ],
  ])('%s', (_rule, said, counts, racks, expected) => {
    expect(assign(assignor, said, counts, racks)).toEqual(expected);
  });
});
