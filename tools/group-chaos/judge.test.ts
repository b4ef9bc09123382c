import { describe, expect, it } from 'vitest';
import { type GroupEvent, witnessName } from './events.ts';
import { flawless, judge, sum, type Verdict } from './judge.ts';

/** `a assigned`, `a delivered 0`, `witness committed 1`: who, what, at which offset; each a moment after the one before. A value's sequence is its offset. */
function verdict(story: readonly string[], length = 3): Verdict {
  const events = story.map((line, at): GroupEvent => {
    const [member, kind, offset] = line.split(' ') as [string, GroupEvent['kind'], string | undefined];
    return { at, member, kind, partition: 'orders-0', ...(offset !== undefined && { offset: Number(offset), sequence: Number(offset) }) };
  });
  return judge(
    events.toReversed(), // by their time, however they come
    Array.from({ length }, (_, i) => i),
  );
}

const read = (member: string, ...offsets: number[]): string[] => offsets.flatMap((each) => [`${member} delivered ${each}`, `${member} handled ${each}`]); // prettier-ignore
const w = witnessName;

describe('the verdict on a group', () => {
  it.each<[rule: string, story: string[], wrong: Partial<Verdict>]>([
    ['nothing is wrong where each is handled once, and committed then', ['a assigned', ...read('a', 0, 1, 2), `${w} committed 3`], {}],
    [
      'what was not committed comes again',
      ['a assigned', ...read('a', 0), 'a committed 1', ...read('a', 1), 'b assigned', ...read('b', 1, 2)],
      {},
    ],
    [
      'what was committed comes again, to an owner that began before',
      ['a assigned', 'b assigned', ...read('a', 0), 'a committed 1', ...read('b', 0, 1, 2)],
      {},
    ],
    ['missed: handled by nobody', ['a assigned', ...read('a', 0, 1)], { missed: 1 }],
    ['missed: given, and not handled', ['a assigned', ...read('a', 0, 1), 'a delivered 2'], { missed: 1 }],
    ['skipped: not behind the last', ['a assigned', ...read('a', 0, 2)], { skipped: 1, missed: 1 }],
    ['skipped: an owner begins behind what nobody has handled', ['a assigned', ...read('a', 0), 'b assigned', ...read('b', 2)], { skipped: 1, missed: 1 }], // prettier-ignore
    ['repeated: given again to its owner', ['a assigned', ...read('a', 0, 1, 1, 2)], { repeated: 1 }],
    ['unhandled: the coordinator has more than was handled', ['a assigned', ...read('a', 0), `${w} committed 3`, ...read('a', 1, 2)], { unhandled: 2 }], // prettier-ignore
    ['unhandled: a member has committed more than was handled', ['a assigned', ...read('a', 0), 'a delivered 1', 'a committed 2', 'a handled 1', ...read('a', 2)], { unhandled: 1 }], // prettier-ignore
    ['recommitted: the next owner is given what was committed', ['a assigned', ...read('a', 0, 1), 'a committed 2', 'b assigned', ...read('b', 0, 1, 2)], { recommitted: 2 }], // prettier-ignore
    ['recommitted, as the coordinator has it', ['a assigned', ...read('a', 0), `${w} committed 1`, 'a revoked', 'b assigned', ...read('b', 0, 1, 2)], { recommitted: 1 }], // prettier-ignore
    ['movedBack: the coordinator has an older commit than before', ['a assigned', ...read('a', 0, 1, 2), `${w} committed 3`, `${w} committed 2`], { movedBack: 1 }], // prettier-ignore
    ['one that was on its way when another took over', ['a assigned', ...read('a', 0), 'b assigned', ...read('b', 0), 'a delivered 1', ...read('b', 1, 2)], {}], // prettier-ignore
    ['shared: given more than that', ['a assigned', ...read('a', 0), 'b assigned', ...read('b', 0), ...read('a', 1, 2), ...read('b', 1, 2)], { shared: 1 }], // prettier-ignore
    ['shared: given without having it', ['a assigned', 'a revoked', ...read('a', 0, 1, 2)], { shared: 3 }],
    ['a partition that comes back is begun anew', ['a assigned', ...read('a', 0, 1), 'a lost', 'a assigned', ...read('a', 0, 1, 2)], {}],
  ])('%s', (_, story, wrong) => {
    expect(verdict(story)).toEqual({ ...flawless, ...wrong });
  });

  it('foreign: another value than the log has at this offset, or none', () => {
    const event = { at: 0, member: 'a', partition: 'orders-0' } as const;
    const story: GroupEvent[] = [
      { ...event, kind: 'assigned' },
      { ...event, kind: 'delivered', offset: 0, sequence: 7 },
      { ...event, kind: 'handled', offset: 0 },
      { ...event, kind: 'delivered', offset: 1, sequence: 1 },
      { ...event, kind: 'handled', offset: 1 },
    ];
    expect(judge(story, [0])).toEqual({ ...flawless, foreign: 2 });
  });

  it('describes the first of each kind, and adds up partitions', () => {
    const told: string[] = [];
    const story: GroupEvent[] = [{ at: 7, member: 'a', kind: 'committed', partition: 'orders-0', offset: 2 }];
    const one = judge(story, [0, 1], (line) => told.push(line));
    expect(told).toEqual(['orders-0: 2 unhandled at 2 by a, 7; frontier 0, committed 0']);
    expect(sum([one, one])).toEqual({ ...flawless, unhandled: 4, missed: 4 });
  });
});
