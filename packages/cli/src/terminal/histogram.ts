/** What of `perf_hooks`' histogram is looked at; values are nanoseconds. */
interface Counted {
  readonly count: number;
  readonly percentiles: Map<number, number>;
}

const columns = 32;

/** Times as bars, a line for each power of two of milliseconds. The histogram tells percentiles, not counts, so shares are what it can be asked for. */
export function histogramText({ percentiles }: Counted): string {
  const points = [...percentiles].sort(([a], [b]) => a - b);
  const shares = new Map<number, number>();
  let before = 0;
  for (const [percentile, nanoseconds] of points) {
    const bound = 2 ** Math.max(-3, Math.ceil(Math.log2(nanoseconds / 1e6)));
    shares.set(bound, (shares.get(bound) ?? 0) + percentile - before);
    before = percentile;
  }
  const most = Math.max(...shares.values());
  return [...shares]
    .sort(([a], [b]) => a - b)
    .map(
      ([bound, share]) =>
        `${`≤ ${bound} ms`.padStart(12)} ${'█'.repeat(Math.round((share / most) * columns)).padEnd(columns, '·')} ${share.toFixed(1).padStart(5)}%\n`,
    )
    .join('');
}
