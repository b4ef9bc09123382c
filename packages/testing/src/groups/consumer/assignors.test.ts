import { describe, expect, it } from 'vitest';
import { type GroupSpec, memberOrder } from './partition-assignor.ts';
import { rangeAssignor } from './range-assignor.ts';
import { uniformAssignor } from './uniform-assignor.ts';

const topicIds = { one: 'AAAAAAAAAAEAAAAAAAAAAQ', two: 'AAAAAAAAAAEAAAAAAAAAAg' } as const;
type Topic = keyof typeof topicIds;
type Partitions = Partial<Record<Topic, readonly number[]>>;

interface Member {
  readonly topics?: readonly Topic[];
  readonly instanceId?: string;
  readonly had?: Partitions;
}

interface Case {
  readonly title: string;
  readonly partitions: Partial<Record<Topic, number>>;
  readonly members: Readonly<Record<string, Member>>;
  readonly expected: Readonly<Record<string, Partitions>>;
}

function spec({ partitions, members }: Case): GroupSpec {
  const topics = Object.keys(partitions) as Topic[];
  const had = Object.values(members).flatMap((member) => Object.entries(member.had ?? {}) as [Topic, readonly number[]][]);
  return {
    members: new Map(
      memberOrder(Object.keys(members)).map((memberId) => {
        const member = members[memberId]!;
        const assignment = (Object.entries(member.had ?? {}) as [Topic, number[]][]).map(
          ([topic, held]) => [topicIds[topic], new Set(held)] as const,
        );
        const subscribed = new Set((member.topics ?? topics).map((topic) => topicIds[topic]));
        return [memberId, { instanceId: member.instanceId ?? null, topicIds: subscribed, assignment: new Map(assignment) }];
      }),
    ),
    homogeneous: Object.values(members).every((member) => member.topics === undefined),
    partitionCounts: new Map(topics.map((topic) => [topicIds[topic], partitions[topic]!])),
    isAssigned: (topicId, partition) => had.some(([topic, held]) => topicIds[topic] === topicId && held.includes(partition)),
  };
}

function assign(assignor: typeof uniformAssignor, given: Case): Record<string, Partitions> {
  const computed = assignor.assign(spec(given));
  const nameOf = (topicId: string): string => (topicId === topicIds.one ? 'one' : 'two');
  return Object.fromEntries(
    [...computed].map(([memberId, assignment]) => [
      memberId,
      Object.fromEntries([...assignment].map(([topicId, partitions]) => [nameOf(topicId), [...partitions].sort()])),
    ]),
  );
}

const both = ['one', 'two'] as const;

// What Kafka 4.3.1's own classes give for the same; 11,000 random groups were compared besides.
describe('uniform', () => {
  it.each<Case>([
    {
      title: 'fills one member after the other',
      partitions: { one: 3, two: 3 },
      members: { a: {}, b: {} },
      expected: { a: { one: [0, 1, 2] }, b: { two: [0, 1, 2] } },
    },
    {
      title: 'takes from those above their share only',
      partitions: { one: 3, two: 3 },
      members: { a: { had: { one: [0, 1, 2] } }, b: { had: { two: [0, 1, 2] } }, c: {} },
      expected: { a: { one: [0, 1] }, b: { two: [0, 1] }, c: { one: [2], two: [2] } },
    },
    {
      title: 'gives new partitions to those below their share',
      partitions: { one: 5 },
      members: { a: { had: { one: [0] } }, b: { had: { one: [2] } } },
      expected: { a: { one: [0, 1] }, b: { one: [2, 3, 4] } },
    },
    {
      title: 'forgets a topic that nobody is subscribed to any longer',
      partitions: { one: 2 },
      members: { a: { had: { one: [0], two: [0, 1] } }, b: { had: { one: [1] } } },
      expected: { a: { one: [0] }, b: { one: [1] } },
    },
    {
      title: 'leaves the first ones without, where there are too few',
      partitions: { one: 2 },
      members: { a: {}, b: {}, c: {} },
      expected: { a: {}, b: { one: [0] }, c: { one: [1] } },
    },
    {
      title: 'levels loads where subscriptions differ',
      partitions: { one: 3, two: 3 },
      members: { a: { topics: ['one'] }, b: { topics: both }, c: { topics: ['two'] } },
      expected: { a: { one: [0, 2] }, b: { one: [1], two: [2] }, c: { two: [0, 1] } },
    },
    {
      title: 'moves as many as it takes to be level',
      partitions: { one: 6, two: 2 },
      members: { a: { topics: ['one'], had: { one: [0, 1, 2, 3, 4, 5] } }, b: { topics: both } },
      expected: { a: { one: [0, 1, 2, 3] }, b: { one: [4, 5], two: [0, 1] } },
    },
    {
      title: 'takes away what a member is no longer subscribed to',
      partitions: { one: 4, two: 4 },
      members: {
        a: { topics: ['two'], had: { one: [0, 1], two: [0, 1] } },
        b: { topics: both, had: { one: [2, 3], two: [2, 3] } },
      },
      expected: { a: { two: [0, 1, 2, 3] }, b: { one: [0, 1, 2, 3] } },
    },
  ])('$title', (given) => {
    expect(assign(uniformAssignor, given)).toEqual(given.expected);
  });

  it('has nothing to give to members without a subscription', () => {
    const given: Case = { title: '', partitions: {}, members: { a: {}, b: {} }, expected: {} };
    expect(assign(uniformAssignor, given)).toEqual({});
  });
});

describe('range', () => {
  it.each<Case>([
    {
      title: 'gives the same range of each topic',
      partitions: { one: 3, two: 3 },
      members: { b: {}, a: {} },
      expected: { a: { one: [0, 1], two: [0, 1] }, b: { one: [2], two: [2] } },
    },
    {
      title: 'goes by the subscribers of each topic',
      partitions: { one: 3, two: 2 },
      members: { a: { topics: ['one'] }, b: { topics: both }, c: { topics: ['two'] } },
      expected: { a: { one: [0, 1] }, b: { one: [2], two: [0] }, c: { two: [1] } },
    },
    {
      title: 'begins with static members, by their instance ids',
      partitions: { one: 4 },
      members: { a: {}, b: { instanceId: 'i2' }, c: { instanceId: 'i1' } },
      expected: { a: { one: [3] }, b: { one: [2] }, c: { one: [0, 1] } },
    },
    {
      title: 'leaves the last ones without, where there are too few',
      partitions: { one: 1 },
      members: { a: {}, b: {} },
      expected: { a: { one: [0] }, b: {} },
    },
  ])('$title', (given) => {
    expect(assign(rangeAssignor, given)).toEqual(given.expected);
  });
});
