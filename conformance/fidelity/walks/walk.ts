import { UnsupportedVersionError } from '@tskafka/core/protocol';
import { seededRandom } from '@tskafka/testing';
import type { Sides } from '../compare.ts';
import { differencesBetween } from '../differences.ts';
import type { Side } from '../side.ts';
import { Talk } from '../talk.ts';
import type { Step, Walker, WeightedSteps } from './walker.ts';

/** Who walks, and which way they can go. */
export interface Ground<W extends Walker> {
  start(talk: Talk, ranges: Side['ranges']): Promise<W>;
  readonly steps: WeightedSteps<W>;
}

/** Steps, each with the number from which comes all that it asks: some may be left out, and the others stay the same. */
export type Path<W extends Walker> = readonly { readonly step: Step<W>; readonly seed: number }[];

/** Where two clusters came apart. */
export interface Parting {
  /** The last step that both took. */
  readonly step: number;
  /** What was asked before, and how the answers differ. */
  readonly story: string;
}

const requestsTold = 30;

export function pathOf<W extends Walker>({ steps }: Ground<W>, seed: number, length: number): Path<W> {
  const random = seededRandom(seed);
  const sum = steps.reduce((total, [weight]) => total + weight, 0);
  return Array.from({ length }, () => {
    let left = random() * sum;
    const [, step] = steps.find(([weight]) => (left -= weight) < 0)!;
    return { step, seed: Math.floor(random() * 2 ** 32) };
  });
}

let walks = 0;

/** Goes the same path on both clusters; undefined when they answered the same all the way. */
export async function walk<W extends Walker>(sides: Sides, ground: Ground<W>, path: Path<W>): Promise<Parting | undefined> {
  const token = `w${++walks}x${Math.random().toString(36).slice(2, 8)}`;
  const go = (side: Side) => goAlone(side, sides.kafka.ranges, token, ground, path);
  const [kafka, mock] = await Promise.all([go(sides.kafka), go(sides.mock)]);
  for (const [i, asked] of kafka.asked.entries()) {
    const differences = differencesBetween(kafka.answers[i], mock.answers[i]);
    if (differences.length === 0) continue;
    const told = differences.map(
      ({ path, kafka, mock }) => `${path}: Kafka says ${JSON.stringify(kafka)}, the mock ${JSON.stringify(mock)}`,
    );
    const story = [...kafka.asked.slice(Math.max(0, i - requestsTold), i), asked, ...told].join('\n');
    return { step: kafka.ends.findIndex((end) => end > i), story };
  }
  if (kafka.error === undefined && mock.error === undefined) return undefined;
  const story = [...kafka.asked.slice(-requestsTold), `then Kafka: ${kafka.error}; the mock: ${mock.error}`].join('\n');
  return { step: kafka.ends.length, story };
}

async function goAlone<W extends Walker>(side: Side, ranges: Side['ranges'], token: string, { start }: Ground<W>, path: Path<W>) {
  const newest = ({ key, maxVersion }: { readonly key: number; readonly maxVersion: number }): number =>
    Math.min(ranges.get(key)?.maxVersion ?? 0, maxVersion);
  const talk = new Talk(side, { api: { key: -1 }, version: 0, token, newest, startedAt: 0 });
  const walker = await start(talk, ranges);
  /** How many requests were asked up to the end of each step. */
  const ends: number[] = [];
  let error: unknown;
  try {
    for (const { step, seed } of path) {
      walker.throwFrom(seed);
      await step(walker).catch(unlessImpossible);
      ends.push(walker.asked.length);
    }
  } catch (caught) {
    error = caught;
  } finally {
    await walker.leave();
    await talk.close();
  }
  return { asked: walker.asked, answers: talk.exchanges.map(({ answer }) => answer), ends, error };
}

/** The dice may ask for what the version has no field for. */
function unlessImpossible(error: unknown): void {
  if (!(error instanceof UnsupportedVersionError)) throw error;
}

/** Leaves out what is not needed for the clusters to come apart, as far as it gets in this time. */
export async function shorten<W extends Walker>(
  sides: Sides,
  ground: Ground<W>,
  path: Path<W>,
  { step, story }: Parting,
  patienceMs: number,
): Promise<string> {
  const deadline = Date.now() + patienceMs;
  let short = path.slice(0, step + 1);
  let told = story;
  for (let size = Math.ceil(short.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < short.length && Date.now() < deadline;) {
      const without = [...short.slice(0, at), ...short.slice(at + size)];
      const parting = await walk(sides, ground, without);
      if (parting === undefined) at += size;
      else [short, told] = [without.slice(0, parting.step + 1), parting.story];
    }
  }
  return told;
}
