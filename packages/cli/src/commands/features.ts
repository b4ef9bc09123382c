import { describeFeatures, type FeatureRange, updateFeatures } from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

interface Row {
  readonly feature: string;
  readonly level: number;
  readonly supported: FeatureRange | undefined;
}

const columns: readonly Column<Row>[] = [
  { name: 'feature', value: ({ feature }) => feature },
  { name: 'level', value: ({ level }) => level },
  { name: 'supported', value: ({ supported }) => supported && { ...supported }, text: ({ supported }) => rangeText(supported) },
];

/** `tskafka features`: which are on, and which a broker could do. Java: kafka-features.sh describe. */
export const features = command({
  examples: ['tskafka features'],
  async run({ connect, rows, signal }) {
    const client = await connect();
    const { finalized, supported } = await describeFeatures(client, { signal });
    const names = [...new Set([...finalized.keys(), ...supported.keys()])].sort();
    await rows(columns, names.map((feature) => ({ feature, level: finalized.get(feature)?.max ?? 0, supported: supported.get(feature) })), { empty: 'this cluster has no features' }); // prettier-ignore
  },
});

interface Update {
  readonly feature: string;
  readonly from: number;
  readonly to: number;
}

/** `tskafka features set`. Java: kafka-features.sh upgrade, downgrade, disable. */
export const featuresSet = command<{ downgrade?: boolean; unsafe?: boolean; execute?: boolean }, [settings: string[]]>({
  arguments: [['<feature=level...>', 'the features and their levels; 0 is off']],
  options: [
    { flags: '--downgrade', text: 'allow a lower level, if that loses no metadata' },
    { flags: '--unsafe', text: 'allow a lower level, even if that loses metadata' },
  ],
  changes: true,
  examples: ['tskafka features set share.version=1', 'tskafka features set group.version=0 --downgrade --execute'],
  async run({ connect, change, signal }, { downgrade = false, unsafe = false, execute }, settings) {
    const wanted = settings.map((text) => {
      const match = /^([\w.]+)=(\d{1,5})$/.exec(text);
      if (match === null) throw new UsageError(`${text} is no feature and level`, 'such as group.version=1');
      return [match[1]!, Number(match[2])] as const;
    });
    const client = await connect();
    const { finalized, supported } = await describeFeatures(client, { signal });
    for (const [feature] of wanted) {
      if (!supported.has(feature))
        throw new UsageError(`there is no feature ${feature}`, didYouMean(feature, supported.keys(), 'tskafka features'));
    }
    const rows = wanted
      .map(([feature, to]): Update => ({ feature, from: finalized.get(feature)?.max ?? 0, to }))
      .filter(({ from, to }) => from !== to);
    await change<Update>({
      columns: [
        { name: 'feature', value: ({ feature }) => feature },
        { name: 'from', value: ({ from }) => from },
        { name: 'to', value: ({ to }) => to },
      ],
      rows,
      empty: 'the features have these levels already',
      would: `set ${counted(rows.length, 'feature')} of the whole cluster`,
      execute,
      check: (all) => update(all, true),
      apply: (all) => update(all, false),
    });

    async function update(all: readonly Update[], validateOnly: boolean): Promise<(Error | undefined)[]> {
      const upgradeType = unsafe ? ('unsafeDowngrade' as const) : downgrade ? ('safeDowngrade' as const) : ('upgrade' as const);
      const updates = all.map(({ feature, from, to }) => ({
        feature,
        maxLevel: to,
        upgradeType: to > from ? ('upgrade' as const) : upgradeType,
      }));
      const results = await updateFeatures(client, updates, { validateOnly, signal });
      return all.map(({ feature }) => results.get(feature));
    }
  },
});

function rangeText(range: FeatureRange | undefined): string {
  return range === undefined ? '-' : `${range.min}-${range.max}`;
}
