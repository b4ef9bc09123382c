import { expect, it } from 'vitest';
import { testsByRow } from './named-tests.ts';
import { rowsOfRealCluster, runsOnRealCluster } from './real-cluster.ts';

it('each row that a real cluster can show has a test that runs on one', () => {
  const tests = testsByRow();
  expect(rowsOfRealCluster.filter((row) => !tests.get(row)?.some(({ file }) => runsOnRealCluster(file)))).toEqual([]);
});

it.each([
  ['conformance/faults/producing.test.ts', true],
  ['conformance/consumer/groups.test.ts', true],
  ['conformance/failures/groups.test.ts', false],
  ['packages/producer/src/producer.test.ts', false],
  ['interop/kafkajs-groups.test.ts', false],
])('%s: %s', (file, isReal) => {
  expect(runsOnRealCluster(file)).toBe(isReal);
});
