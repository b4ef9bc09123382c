/** The lowest level of `metadata.version` of each release that had one (Kafka's MetadataVersion). */
const releases = [
  [7, '3.3'],
  [8, '3.4'],
  [9, '3.5'],
  [12, '3.6'],
  [15, '3.7'],
  [20, '3.8'],
  [21, '3.9'],
  [22, '4.0'],
  [26, '4.1'],
  [28, '4.2'],
  [30, '4.3'],
] as const;

/** The release whose metadata has this level; a later one than this program knows is said to be newer. */
export function releaseOf(level: number): string | undefined {
  const newest = releases.at(-1)!;
  if (level > newest[0]) return `newer than ${newest[1]}`;
  return releases.findLast(([first]) => first <= level)?.[1];
}
