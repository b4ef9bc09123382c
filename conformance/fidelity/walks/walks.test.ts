import { afterAll, expect, it } from 'vitest';
import { broker } from '../../broker.ts';
import { mockSide, realSide } from '../side.ts';
import { pathOf, shorten, walk } from './walk.ts';

/** Scenarios show what somebody has thought of. Here dice ask both clusters, each seed something else, and every answer is compared. */

const sides = { kafka: await realSide(broker), mock: await mockSide(1) };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const stepsOfEach = 250;

afterAll(() => broker.closeWires());

it.each(seeds)('the mock answers as Kafka does, whatever it is asked (seed %i)', { timeout: 60_000 }, async (seed) => {
  const path = pathOf(seed, stepsOfEach);
  // As with the scenarios, what differs once may be that a real cluster takes its time.
  const parting = (await walk(sides, path)) && (await walk(sides, path));
  expect(parting && (await shorten(sides, path, parting, 20_000))).toBeUndefined();
});
