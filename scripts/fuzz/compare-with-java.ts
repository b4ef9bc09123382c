import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { ProtocolError } from '../../packages/core/src/errors.ts';
import { codecOf, plain, type Vector } from '../../packages/core/src/protocol/golden/vectors.ts';
import { Reader } from '../../packages/core/src/protocol/reader.ts';
import { runJava } from '../golden-vectors/java-program.ts';
import { cook, recipe } from './mutations.ts';
import { messageTargets } from './protocol-targets.ts';

type Verdict = { readonly left: number; readonly value: unknown } | { readonly refused: string };

/** Where we refuse on purpose what Java takes, by our message. */
const stricter: readonly (readonly [why: string, isIt: (ours: string) => boolean])[] = [
  ['an int64 beyond the safe integers', (ours) => ours.includes('beyond the safe integers')],
  ['a length that is negative to Java, which takes it for null', isNegativeToJava],
  ['a tagged value that does not fill its size, which Java does not check', (ours) => /^in a tag: |^tag \d+ has/.test(ours)],
  ['a count of tagged fields that is negative to Java, and so none', (ours) => ours.includes('tagged fields do not fit')],
  ['a varint of more than 32 bits, which Java cuts off', (ours) => ours.includes('longer than 32 bits')],
];

/** Below -1; or compact and beyond 2^31, one less than what a Java int holds. */
function isNegativeToJava(ours: string): boolean {
  const length = Number(/(-?\d+) (bytes are wanted|elements does not fit)/.exec(ours)?.[1] ?? 0);
  return length < 0 || length >= 2 ** 31 - 1;
}

/** Where we take what Java refuses, by Java's message. */
const laxer: readonly (readonly [why: string, java: RegExp])[] = [
  ['a tag that the version does not know yet, which we skip as any unknown one', /^RuntimeException: Tag \d+ is not valid for version/],
  ['a string longer than 32,767 bytes', /had invalid length/],
];

export interface Comparison {
  readonly frames: number;
  readonly values: number;
  readonly refused: number;
  /** How often we differ on purpose, by the reason. */
  readonly onPurpose: ReadonlyMap<string, number>;
  /** Differences without a reason. */
  readonly findings: readonly string[];
}

/** Mutates golden messages and asks both Java and our codecs what they make of them. */
export function compareWithJava(count: number, seed: number): Comparison {
  const targets = messageTargets();
  const inputs = fc.sample(recipe, { numRuns: count, seed }).map((chosen) => {
    const { message, ...target } = targets[chosen.target % targets.length]!;
    return { message, bytes: cook(target, chosen) };
  });
  const lines = inputs.map(({ message, bytes }) => `${message.name} ${message.kind} ${message.version} ${bytes.toString('hex')}`);
  const verdicts = runJava('Judge', [], `${lines.join('\n')}\n`)
    .trimEnd()
    .split('\n');
  if (verdicts.length !== inputs.length) throw new Error(`Java judged ${verdicts.length} of ${inputs.length} inputs`);

  let values = 0;
  let refused = 0;
  const onPurpose = new Map<string, number>();
  const findings: string[] = [];
  inputs.forEach(({ message, bytes }, i) => {
    const ours = judge(message, bytes);
    const java = JSON.parse(verdicts[i]!) as Verdict;
    const outcome = compare(ours, java);
    if (outcome === 'value') values++;
    else if (outcome === 'refused') refused++;
    else if (outcome === undefined) findings.push(`${lines[i]}\n  ours ${JSON.stringify(ours)}\n  Java ${verdicts[i]}`);
    else onPurpose.set(outcome, (onPurpose.get(outcome) ?? 0) + 1);
  });
  return { frames: count, values, refused, onPurpose, findings };
}

function judge(message: Vector, bytes: Buffer): Verdict {
  const codec = codecOf(message);
  const r = new Reader(bytes, codec.flexible);
  try {
    const value = plain(codec.read(r));
    return { left: r.remaining, value };
  } catch (error) {
    // The reader's end is then that of the tagged value, not that of the bytes.
    const inTag = r.position + r.remaining !== bytes.length;
    if (error instanceof ProtocolError) return { refused: `${inTag ? 'in a tag: ' : ''}${error.message}` };
    throw error;
  }
}

/** What both make of it, or the reason to differ; undefined when there is none. */
function compare(ours: Verdict, java: Verdict): string | undefined {
  if ('refused' in ours && 'refused' in java) return 'refused';
  if ('refused' in ours) return stricter.find(([, isIt]) => isIt(ours.refused))?.[0];
  if ('refused' in java) return laxer.find(([, message]) => message.test(java.refused))?.[0];
  return ours.left === java.left && isDeepStrictEqual(comparable(ours.value), comparable(java.value)) ? 'value' : undefined;
}

/**
 * JSON has no NaN and no infinities; Java prints them as strings. And the two languages put different numbers of replacement
 * characters for one piece of invalid UTF-8.
 */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (_name, field: unknown) => (field === 'NaN' || field === '-Infinity' ? null : field));
  return JSON.parse(text.replaceAll(/\ufffd+/g, '\ufffd'));
}
