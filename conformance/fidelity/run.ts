import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { compare, type Comparison, type Sides } from './compare.ts';
import type { Difference } from './differences.ts';
import { knownDifferenceOf } from './known-differences.ts';
import { reportOf, vanished } from './report.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { mockSide, realSide, type Side } from './side.ts';

const folder = join(import.meta.dirname, 'results');

/** Compares the mock with the real cluster of this project, scenario by scenario, and the result with what is committed. */
export async function compareOn(nodes: 1 | 3): Promise<void> {
  const sides = { kafka: await realSide(broker), mock: await mockSide(nodes) };
  await warmUp(sides.kafka);
  const here = scenarios.filter((scenario) => (scenario.nodes ?? 1) === nodes);
  const comparisons: Comparison[] = [];
  afterAll(() => broker.closeWires());

  describe.concurrent.each(here.map((scenario) => [`${scenario.api.name}: ${scenario.title}`, scenario] as const))('%s', (_, scenario) => {
    it.each(versionsOf(scenario, sides.kafka.ranges.get(scenario.api.key)))('version %i', async (version) => {
      const { comparison, unlisted } = await lastingComparison(sides, scenario, version);
      comparisons.push(comparison);
      if (unlisted.length > 0) throw new Error(`the mock differs from Kafka:\n${unlisted.map(show).join('\n')}`);
    });
  });

  describe(`the comparison on ${nodes} node${nodes === 1 ? '' : 's'}`, () => {
    it('met every difference that the list knows', () => {
      expect(
        vanished(
          comparisons,
          here.map(({ title }) => title),
        ),
      ).toEqual([]);
    });

    it('is what is committed (else run `npm run fidelity`)', async () => {
      const file = join(folder, nodes === 1 ? 'one-node.json' : 'three-nodes.json');
      const report = reportOf(nodes, sides, comparisons);
      if (process.env['TSKAFKA_FIDELITY'] === 'write') {
        await mkdir(folder, { recursive: true });
        await writeFile(file, `${JSON.stringify(report, undefined, 1)}\n`);
      }
      expect(report).toEqual(JSON.parse(await readFile(file, 'utf8')));
    });
  });
}

/**
 * A real cluster takes its time: a follower that has not heard of its partition yet, an assignment that is not computed yet. So what
 * differs is played again, on fresh topics and groups, and a difference is one that is there each time.
 */
async function lastingComparison(sides: Sides, scenario: Scenario, version: number) {
  for (let attempt = 1; ; attempt++) {
    const comparison = await compare(sides, scenario, version);
    const unlisted = comparison.differences.filter((difference) => knownDifferenceOf(difference) === undefined);
    if (unlisted.length === 0 || attempt === 3) return { comparison, unlisted };
  }
}

/** A coordinator loads its part of an internal topic when it is first asked, and says so meanwhile: no scenario is about that. */
async function warmUp(side: Side): Promise<void> {
  const wire = await side.connect(1);
  await until('producer ids are handed out', async () => {
    const { errorCode } = await wire.send(apis.initProducerId, 5, { transactionalId: null, transactionTimeoutMs: 1000 });
    return errorCode === 0;
  });
  wire.close();
}

/** The versions in which the scenario runs: those that Kafka offers and the codec knows. */
function versionsOf({ api, since = 0, until = Infinity }: Scenario, range?: { minVersion: number; maxVersion: number }): number[] {
  if (range === undefined) throw new Error(`a real Kafka does not offer ${api.name}`);
  const first = Math.max(range.minVersion, api.minVersion, since);
  const last = Math.min(range.maxVersion, api.maxVersion, until);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
}

function show({ api, version, path, kafka, mock }: Difference): string {
  return `  ${api} version ${version}, ${path}: Kafka says ${JSON.stringify(kafka)}, the mock ${JSON.stringify(mock)}`;
}
