import { afterAll, expect, it } from 'vitest';
import { soak } from '../../tools/soak/soak.ts';
import { flawless } from '../../tools/soak/verdict.ts';
import { broker } from '../broker.ts';

/** The short form of `npm run soak`, which finds more, with more time. */
const schedule = [
  'ten RSTs two seconds apart',
  'Produce responses dropped',
  'Produce requests dropped',
  'a leader killed',
  'Fetch responses dropped',
  'leaders moved',
  'a broker in a black hole',
  'a leader stopped in its tracks',
];

afterAll(() => broker.closeWires());

it('C5, C6, C7, M1, M3, P1, P7, P8: nothing is lost, duplicated or reordered, and every result is true, while the network and brokers fail', async () => {
  const lines: string[] = [];
  const seed = Math.floor(Math.random() * 1e6);
  const print = (line: string): void => void lines.push(line);
  const report = await soak({ kafka: broker.kafka!, seed, rate: 1000, schedule, java: true, print });

  expect(report.violations, `seed ${seed}\n${lines.join('\n')}`).toEqual([]);
  expect(report.verdict).toEqual(flawless);
  expect(report.acknowledged).toBeGreaterThan(10_000);
  // A fault that never struck has shown nothing.
  expect([...report.faults].filter(([, struck]) => struck === 0)).toEqual([]);
}, 400_000);
