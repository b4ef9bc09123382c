import type { Result } from './measurement.ts';

/** The results of one work as a table in Markdown, with ratios to each limit and to the best of `peers`, the Node.js clients that are not ours. */
export function table(title: string, results: ReadonlyMap<string, readonly Result[]>, peers: readonly string[]): string {
  const worked = [...results].filter(([, found]) => found.some(({ error }) => error === undefined));
  const limits = [...results.keys()].filter((client) => client.endsWith('limit'));
  const rows = worked.map(([client, found]) => row(client, found, results, limits, peers));
  const failed = [...results].filter(([client]) => !worked.some(([name]) => name === client));
  const notes = failed.map(([client, found]) => `Left out: ${client} (${found[0]!.error!.split('\n')[0]}).\n`);
  const has = (field: keyof Result): boolean => worked.some(([, found]) => found.some((result) => result[field] !== undefined));
  const head = has('grownMiB')
    ? '| client | memory grows by |\n| --- | ---: |'
    : has('p50Ms')
      ? '| client | p50 | p99 | p50 ÷ best peer | p99 ÷ best peer |\n| --- | ---: | ---: | ---: | ---: |'
      : `| client | messages a second |${limits.map((name) => ` ÷ ${name} |`).join('')} ÷ best peer | µs of processor a message | ÷ best peer | peak memory |\n| --- | ---: |${' ---: |'.repeat(limits.length + 4)}`;
  return `\n### ${title}\n\n${head}\n${rows.join('\n')}\n${notes.length === 0 ? '' : `\n${notes.join('\n')}`}`;
}

function row(
  client: string,
  found: readonly Result[],
  all: ReadonlyMap<string, readonly Result[]>,
  limits: readonly string[],
  peers: readonly string[],
): string {
  const good = found.filter(({ error }) => error === undefined);
  const figure = (field: keyof Result, digits: number, unit = ''): string => {
    const value = median(good.map((result) => result[field] as number | undefined));
    return value === undefined
      ? ''
      : `${value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })}${unit}`;
  };
  if (good[0]!.grownMiB !== undefined) return cells(client, figure('grownMiB', 0, ' MiB'));
  const ratio = (field: keyof Result, yardsticks: readonly string[], best: (...values: number[]) => number): string => {
    const ratios = found.map((result, round) => {
      const others = yardsticks.flatMap((name) => (name === client ? [] : ((all.get(name)?.[round]?.[field] as number | undefined) ?? [])));
      return others.length === 0 || result[field] === undefined ? undefined : (result[field] as number) / best(...others);
    });
    return median(ratios)?.toFixed(2) ?? '';
  };
  if (good[0]!.p50Ms !== undefined) {
    const [p50, p99] = [figure('p50Ms', 3, ' ms'), figure('p99Ms', 3, ' ms')];
    return cells(client, p50, p99, ratio('p50Ms', peers, Math.min), ratio('p99Ms', peers, Math.min));
  }
  return cells(
    client,
    figure('perSecond', 0),
    ...limits.map((limit) => ratio('perSecond', [limit], Math.max)),
    ratio('perSecond', peers, Math.max),
    figure('microsecondsPerMessage', 2),
    ratio('microsecondsPerMessage', peers, Math.min),
    figure('peakMiB', 0, ' MiB'),
  );
}

const cells = (...values: string[]): string => `| ${values.join(' | ')} |`;

function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
