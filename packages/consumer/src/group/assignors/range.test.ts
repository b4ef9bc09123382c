import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rangeAssignor } from './range.ts';

/** What Java's RangeAssignor of 4.3.1 said to members and brokers in racks drawn by lot; without racks each would be another assignment. */
interface Vector {
  /** Of each broker. */
  readonly racks: readonly (string | null)[];
  /** The brokers of each partition. */
  readonly topics: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly members: readonly {
    readonly id: string;
    readonly topics: readonly string[];
    readonly rack?: string;
    readonly instance?: string;
  }[];
  readonly assigned: Readonly<Record<string, string>>;
}

const vectors = readFileSync(join(import.meta.dirname, 'range-racks.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

function assign({ racks, topics, members }: Vector): Record<string, string> {
  const said = members.map(({ id, topics: names, rack, instance }) => ({
    ...{ memberId: id, groupInstanceId: instance ?? null, topics: names, rackId: rack ?? null },
    ...{ ownedPartitions: [], generation: -1, userData: null },
  }));
  const counts = new Map(Object.entries(topics).map(([topic, partitions]) => [topic, partitions.length]));
  const racksOf = ({ topic, partition }: { topic: string; partition: number }): string[] =>
    [...new Set(topics[topic]![partition]!.map((broker) => racks[broker]))].filter((rack) => typeof rack === 'string');
  const assigned = [...rangeAssignor.assign(said, counts, racksOf)];
  return Object.fromEntries(
    assigned.map(([id, partitions]) => [
      id,
      partitions
        .map((each) => `${each.topic}/${each.partition}`)
        .sort()
        .join(' '),
    ]),
  );
}

it.each(vectors)('members in racks have what Java gives them: $assigned', (vector) => {
  expect(assign(vector)).toEqual(vector.assigned);
});
