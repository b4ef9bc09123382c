import { type ClientOptions, KafkaClient } from '@tskafka/core';
import type { AboutCluster } from './circumstances.ts';
import { connectionOf } from './client-options.ts';
import type { Key } from './keys.ts';
import { optionFor, type Setting, type World } from './settings.ts';
import { ConnectionWatch } from './watch.ts';

interface Cluster extends Omit<AboutCluster, 'lastFailure' | 'client'> {
  readonly watch: ConnectionWatch;
  /** Undefined while it has not been reached. */
  client?: KafkaClient;
}

export interface ClustersOptions {
  readonly world: World;
  readonly signal: AbortSignal;
  /** What clients are made with, where the settings do not say otherwise. */
  readonly defaults: Partial<ClientOptions>;
  /** Told when a cluster that was reached cannot be reached any more. */
  readonly onLost: (error: Error, client: KafkaClient) => void;
}

/** The clusters that a command connects to: mostly one; two where it copies from one to the other. */
export class Clusters {
  readonly #options: ClustersOptions;
  readonly #all: Cluster[] = [];

  constructor(options: ClustersOptions) {
    this.#options = options;
  }

  /** A client of the cluster that these settings say; it rejects at once where it cannot be reached. `more` wins over the settings. */
  async connect(settings: ReadonlyMap<Key, Setting>, more: Partial<ClientOptions> = {}): Promise<KafkaClient> {
    const { world, signal, defaults, onLost } = this.#options;
    const { options, login } = await connectionOf(settings, world);
    const { ssl } = options;
    const brokers = options.brokers as readonly string[];
    const hasCertificate = typeof ssl === 'object' && (ssl.cert ?? ssl.pfx) !== undefined;
    const watch = new ConnectionWatch(brokers);
    const doctor = `tskafka doctor ${optionFor(settings)}`;
    const cluster: Cluster = { brokers, doctor, login, usesTls: ssl !== undefined, hasCertificate, watch };
    this.#all.push(cluster);
    const giveUp = new AbortController();
    const connecting = KafkaClient.connect({ ...defaults, ...options, ...more }, { signal: AbortSignal.any([signal, giveUp.signal]) });
    const client = await Promise.race([connecting, watch.failed]).catch((error: unknown) => {
      giveUp.abort(error);
      connecting.then((late) => late.close()).catch(() => {});
      throw error;
    });
    cluster.client = client;
    watch.follow(client);
    // From here on nobody waits for it: the whole command ends.
    watch.failed.catch((error: Error) => onLost(error, client));
    return client;
  }

  /** What is known of the cluster of this client, or of the last one that was to be connected to. Undefined before there is one. */
  about(client?: KafkaClient): AboutCluster | undefined {
    const cluster = this.#all.find((each) => client !== undefined && each.client === client) ?? this.#all.at(-1);
    if (cluster === undefined) return undefined;
    return { ...cluster, client: cluster.client, lastFailure: cluster.watch.lastFailure };
  }

  async close(): Promise<void> {
    for (const { watch } of this.#all) watch.close();
    await Promise.all(this.#all.flatMap(({ client }) => client?.close() ?? []));
  }
}
