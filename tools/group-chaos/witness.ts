import { apis } from '@tskafka/core/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { coordinatorOf, wireTo } from '../chaos/replicas.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { type GroupEvent, now, witnessName } from './events.ts';

/** Asks the coordinator, past all faults of the network, what the group has committed, again and again. */
export class Witness {
  readonly events: GroupEvent[] = [];
  /** By `topic-partition`: the next offset to read. */
  committed: ReadonlyMap<string, number> = new Map();
  readonly #kafka: RealKafka;
  readonly #group: string;
  readonly #running: Promise<void>;
  #isEnding = false;

  constructor(kafka: RealKafka, group: string) {
    this.#kafka = kafka;
    this.#group = group;
    this.#running = this.#run();
  }

  /** Messages that the group is done with. */
  get progress(): number {
    return [...this.committed.values()].reduce((sum, offset) => sum + offset, 0);
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      await this.#look().catch(() => {}); // its coordinator dies now and then
      await sleep(100);
    }
  }

  async #look(): Promise<void> {
    const wire = await wireTo(this.#kafka, await coordinatorOf(this.#kafka, this.#group));
    try {
      while (!this.#isEnding) {
        // A coordinator that has just been chosen would tell an older commit, as far as it knows by then that others have it too; this waits.
        const { errorCode, topics } = await wire.send(apis.offsetFetch, 7, { groupId: this.#group, topics: null, requireStable: true });
        if (errorCode !== 0) return;
        const at = now();
        const committed = topics.flatMap(({ name, partitions }) =>
          partitions.map((each): [string, number] => [`${name}-${each.partitionIndex}`, each.committedOffset]),
        );
        for (const [partition, offset] of committed) {
          if (this.committed.get(partition) !== offset) this.events.push({ at, member: witnessName, kind: 'committed', partition, offset });
        }
        this.committed = new Map(committed);
        await sleep(50);
      }
    } finally {
      wire.close();
    }
  }
}
