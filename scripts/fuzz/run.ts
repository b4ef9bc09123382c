import fc from 'fast-check';
import { ProtocolError } from '../../packages/core/src/errors.ts';
import { cook, recipe } from './mutations.ts';
import type { FuzzTarget } from './target.ts';

/** A frame may hold the event loop no longer than this. */
const maxMillis = 50;
const attempts = 10;

export interface FuzzResult {
  readonly frames: number;
  readonly values: number;
  readonly refused: number;
  readonly slowestMillis: number;
  readonly millis: number;
}

/** Feeds `count` mutated inputs to the targets. The first that is neither a value nor a ProtocolError, or is slow, is thrown, made small. */
export function fuzz(targets: readonly FuzzTarget[], count: number, seed: number): FuzzResult {
  let values = 0;
  let refused = 0;
  let slowestMillis = 0;
  const start = performance.now();
  const property = fc.property(recipe, (chosen) => {
    const target = targets[chosen.target % targets.length]!;
    const bytes = cook(target, chosen);
    const [outcome, millis] = timed(target, bytes);
    if (outcome === 'value') values++;
    else refused++;
    slowestMillis = Math.max(slowestMillis, millis);
  });
  fc.assert(property, { numRuns: count, seed });
  return { frames: count, values, refused, slowestMillis, millis: performance.now() - start };
}

type Outcome = 'value' | 'refused';

/** Decodes once; when that was slow, some times more, for the machine may have been busy with something else. */
function timed(target: FuzzTarget, bytes: Buffer): [outcome: Outcome, millis: number] {
  let best = Infinity;
  let outcome: Outcome = 'value';
  for (let attempt = 0; attempt < attempts && best > maxMillis; attempt++) {
    const start = performance.now();
    outcome = decode(target, bytes);
    best = Math.min(best, performance.now() - start);
  }
  if (best > maxMillis) throw new Error(`${target.name}: ${best.toFixed(0)} ms for ${bytes.toString('hex')}`);
  return [outcome, best];
}

function decode(target: FuzzTarget, bytes: Buffer): Outcome {
  try {
    target.decode(bytes);
    return 'value';
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused';
    throw new Error(`${target.name}: neither a value nor a ProtocolError for ${bytes.toString('hex')}`, { cause: error });
  }
}

/** Flips every bit of every seed. */
export function flipEveryBit(targets: readonly FuzzTarget[]): FuzzResult {
  let values = 0;
  let refused = 0;
  let slowestMillis = 0;
  const start = performance.now();
  for (const target of targets) {
    for (const seed of target.seeds) {
      const bytes = Buffer.from(seed);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const [outcome, millis] = timed(target, target.repair ? target.repair(Buffer.from(bytes)) : bytes);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        if (outcome === 'value') values++;
        else refused++;
        slowestMillis = Math.max(slowestMillis, millis);
      }
    }
  }
  return { frames: values + refused, values, refused, slowestMillis, millis: performance.now() - start };
}
