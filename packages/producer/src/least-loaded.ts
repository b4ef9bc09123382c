/**
 * One of many, by chance, and the less likely the more it has to do: of those with the loads 0, 3 and 1, four, one and three times of eight.
 * Java: BuiltInPartitioner (KIP-794). `random` is from 0 to below 1.
 */
export function leastLoaded(loads: readonly number[], random: number): number {
  const most = loads.reduce((highest, load) => Math.max(highest, load), 0) + 1;
  let left = random * loads.reduce((sum, load) => sum + most - load, 0);
  const found = loads.findIndex((load) => (left -= most - load) < 0);
  return found === -1 ? loads.length - 1 : found;
}
