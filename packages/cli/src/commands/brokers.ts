import { describeApiVersions, describeCluster, describeFeatures, KafkaError, unregisterBroker } from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { apiName } from '../brokers/api-names.ts';
import { releaseOf } from '../brokers/release.ts';

interface Row {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly isController: boolean;
  readonly isFenced: boolean;
  /** The levels of `metadata.version` that it can do; undefined where it does not tell. */
  readonly levels: { readonly min: number; readonly max: number } | undefined;
}

const columns: readonly Column<Row>[] = [
  { name: 'id', value: ({ id }) => id, isId: true },
  { name: 'host', value: ({ host }) => host },
  { name: 'port', value: ({ port }) => port, isId: true },
  { name: 'rack', value: ({ rack }) => rack },
  { name: 'controller', value: ({ isController }) => isController },
  { name: 'fenced', value: ({ isFenced }) => isFenced },
  { name: 'kafka', value: ({ levels }) => levels && releaseOf(levels.max) },
  { name: 'metadataVersions', value: ({ levels }) => levels && `${levels.min}-${levels.max}` },
];

/** `tskafka brokers`: who they are, and which Kafka they run. */
export const brokers = command<{ fenced?: boolean }>({
  options: [{ flags: '--fenced', text: 'also fenced brokers: registered, but not serving (Kafka 4.0 and newer)' }],
  examples: ['tskafka brokers -b kafka:9092', 'tskafka brokers --json'],
  notes:
    'CONTROLLER takes requests for the controller: with KRaft, any broker does, and tskafka quorum shows the leader.\nKAFKA is the newest release whose metadata version the broker supports.',
  async run({ connect, rows, signal }, { fenced = false }) {
    const client = await connect();
    const cluster = await describeCluster(client, { includeFencedBrokers: fenced, signal });
    const levelsOf = async (broker: number): Promise<Row['levels']> => {
      try {
        return (await describeFeatures(client, { broker, timeoutMs: 2000, signal })).supported.get('metadata.version');
      } catch (error) {
        if (error instanceof KafkaError && !signal.aborted) return undefined; // one that is down is listed all the same
        throw error;
      }
    };
    const asked = cluster.brokers.map(async ({ id, host, port, rack, isFenced }): Promise<Row> => {
      const isController = id === cluster.controllerId;
      return { ...{ id, host, port, rack, isFenced, isController }, levels: isFenced ? undefined : await levelsOf(id) };
    });
    await rows(columns, await Promise.all(asked));
  },
});

/** `tskafka brokers unregister`: forget one that was shut down for good. Java: kafka-cluster.sh unregister. */
export const brokersUnregister = command<{ execute?: boolean }, [id: string]>({
  arguments: [['<id>', 'the id of the broker']],
  changes: true,
  examples: ['tskafka brokers unregister 4 --execute'],
  async run({ connect, change, signal }, { execute }, text) {
    const id = brokerId(text);
    const client = await connect();
    await change({
      columns: [{ name: 'id', value: (row: { id: number }) => row.id, isId: true }],
      rows: [{ id }],
      would: `have the cluster forget broker ${id}`,
      execute,
      async apply() {
        await unregisterBroker(client, id, { signal });
        return [undefined];
      },
    });
  },
});

interface ApiRow {
  readonly broker: number;
  readonly key: number;
  readonly min: number;
  readonly max: number;
}

const apiColumns: readonly Column<ApiRow>[] = [
  { name: 'broker', value: ({ broker }) => broker, isId: true },
  { name: 'key', value: ({ key }) => key },
  { name: 'api', value: ({ key }) => apiName(key) },
  { name: 'min', value: ({ min }) => min },
  { name: 'max', value: ({ max }) => max },
];

/** `tskafka brokers versions`: which requests they take. Java: kafka-broker-api-versions.sh. */
export const brokersVersions = command<object, [ids: string[]]>({
  arguments: [['[id...]', 'only these brokers']],
  examples: ['tskafka brokers versions', 'tskafka brokers versions 1 --tsv | grep Fetch'],
  async run({ connect, rows, told, signal }, _, texts) {
    const ids = texts.length === 0 ? undefined : texts.map(brokerId);
    const all = await told(await describeApiVersions(await connect(), ids, { signal }));
    const found = [...all].flatMap(([broker, versions]) => [...versions].map(([key, { min, max }]): ApiRow => ({ broker, key, min, max })));
    await rows(apiColumns, found.toSorted((a, b) => a.broker - b.broker || a.key - b.key)); // prettier-ignore
  },
});

/** `tskafka cluster`: its id, and who is in it. Java: kafka-cluster.sh cluster-id. */
export const cluster = command({
  examples: ['tskafka cluster', 'tskafka cluster --json | jq -r .id'],
  async run({ connect, show, signal }) {
    const client = await connect();
    const { clusterId, controllerId, brokers: all } = await describeCluster(client, { signal });
    const { finalized } = await describeFeatures(client, { signal }).catch((error: unknown) => {
      if (error instanceof KafkaError && !signal.aborted) return { finalized: undefined }; // before 2.4 there are none
      throw error;
    });
    const level = finalized?.get('metadata.version')?.max;
    const kafka = level === undefined ? null : releaseOf(level);
    const told = { id: clusterId, brokers: all.length, controller: controllerId ?? null, metadataVersion: kafka };
    await show(told, () => Object.entries(told).map(([name, value]) => `${name}: ${value ?? '-'}\n`).join('')); // prettier-ignore
  },
});

function brokerId(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${text} is not the id of a broker`);
  return Number(text);
}
