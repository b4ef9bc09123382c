/** The rows of producers, consumers and groups, of resources and shutdown, that a real cluster can show: each has a test that runs on one. */
export const rowsOfRealCluster: readonly string[] = [
  ...rows('P', 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 29),
  ...rows('F', 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 17, 18, 19, 20, 21, 22, 24),
  ...rows('G', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18),
  ...rows('K', 1, 2, 3, 4, 5, 6, 7, 9, 10),
  ...rows('R', 1, 2, 3, 4, 5, 8, 9, 10),
  ...rows('S', 1, 2, 3, 4, 5, 6, 7),
];

/** Whether `npm run test:kafka` runs this file: all of conformance/ but the faults that only the mock can make. */
export const runsOnRealCluster = (file: string): boolean => file.startsWith('conformance/') && !file.startsWith('conformance/failures/');

function rows(chapter: string, ...numbers: number[]): string[] {
  return numbers.map((number) => `${chapter}${number}`);
}
