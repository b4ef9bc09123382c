import type { Assignor } from './assignor.ts';
import { rangeAssignor } from './range.ts';
import { kafkajsRoundRobinAssignor, roundRobinAssignor } from './round-robin.ts';
import { cooperativeStickyAssignor, stickyAssignor } from './sticky.ts';

const known: readonly Assignor[] = [
  rangeAssignor,
  roundRobinAssignor,
  stickyAssignor,
  cooperativeStickyAssignor,
  kafkajsRoundRobinAssignor,
];

/** Java's, and `RoundRobinAssigner` for a group that has members of kafkajs. */
export type AssignorName = 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky' | 'RoundRobinAssigner';

/** The assignors that are meant. Throws TypeError for one that is not known, for none at all, and for one that is not complete. */
export function assignorsOf(given: readonly (AssignorName | Assignor)[]): Assignor[] {
  if (!Array.isArray(given) || given.length === 0) throw new TypeError('partitionAssignors must be a non-empty list');
  return given.map((each: AssignorName | Assignor) => {
    const assignor = typeof each === 'string' ? known.find(({ name }) => name === each) : each;
    if (typeof assignor?.name === 'string' && typeof assignor.assign === 'function' && typeof assignor.isCooperative === 'boolean') {
      return assignor;
    }
    const names = known.map(({ name }) => `'${name}'`).join(', ');
    throw new TypeError(`partitionAssignors are ${names}, or objects with name, isCooperative and assign(), not ${JSON.stringify(each)}`);
  });
}
