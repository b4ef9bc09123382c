import { afterAll, expect, it } from 'vitest';
import { copyExactlyOnce } from '../../tools/exactly-once/copy-exactly-once.ts';
import { flawless } from '../../tools/exactly-once/judge.ts';
import { memberships } from '../../tools/exactly-once/plan.ts';
import { broker } from '../broker.ts';

/** The short form of `npm run exactly-once`, which finds more, with more time. */
const schedule = ['a copier killed', 'answers to EndTxn lost', 'a copier and a broker killed', 'connections broken'];

afterAll(() => broker.closeWires());

it.each(memberships)(
  'P26: the copy is the original, in order, though copiers and brokers are killed, and nothing is left open: membership %s',
  async (membership) => {
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    const seed = Math.floor(Math.random() * 1e6);
    const copiers = membership === 'none' ? 1 : 2;
    const report = await copyExactlyOnce({ kafka: broker.kafka!, seed, rate: 300, membership, copiers, schedule, print });
    expect(report.violations, `seed ${seed}\n${lines.join('\n')}`).toEqual([]);
    expect([report.verdict, report.liveVerdict]).toEqual([flawless, flawless]);
    // A fault that never struck has shown nothing.
    expect([...report.faults].filter(([, struck]) => struck === 0)).toEqual([]);
  },
  200_000,
);
