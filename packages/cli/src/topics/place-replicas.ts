/**
 * Places the replicas of partitions on brokers: those that lie there already stay, each broker gets as equal a share as it can, and so does
 * each as the first of a partition, which is to lead it. `count` replicas of each, or as many as there are now.
 */
export function placeReplicas(current: readonly (readonly number[])[], brokers: readonly number[], count?: number): number[][] {
  const load = new Map(brokers.map((broker) => [broker, 0]));
  const leads = new Map(brokers.map((broker) => [broker, 0]));
  const add = (to: Map<number, number>, broker: number): void => void to.set(broker, to.get(broker)! + 1);
  const least = (from: readonly number[], by: Map<number, number>): number =>
    from.reduce((best, broker) => (by.get(broker)! < by.get(best)! ? broker : best));
  /** Where several have as little, the one behind the last that was chosen: so they go round. */
  let last = -1;
  const kept = current.map((replicas) => replicas.filter((broker) => load.has(broker)).slice(0, count ?? replicas.length));
  for (const broker of kept.flat()) add(load, broker);
  return current.map((replicas, i) => {
    const placed = [...kept[i]!];
    while (placed.length < (count ?? replicas.length)) {
      const round = [...brokers.slice(last + 1), ...brokers.slice(0, last + 1)].filter((broker) => !placed.includes(broker));
      const next = least(round, load);
      last = brokers.indexOf(next);
      placed.push(next);
      add(load, next);
    }
    // A leader that stays goes on leading.
    const first = placed[0] === replicas[0] ? placed[0]! : least(placed, leads);
    add(leads, first);
    return [first, ...placed.filter((broker) => broker !== first)];
  });
}
