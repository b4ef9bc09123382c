const levels = '▁▂▃▄▅▆▇█';

/** The last values as a line of bars, the highest of them a whole one. Values that are all the same lie flat. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const levelOf = (value: number): number => (high === low ? 0 : Math.round(((value - low) / (high - low)) * (levels.length - 1)));
  return shown.map((value) => levels[levelOf(value)]).join('');
}
