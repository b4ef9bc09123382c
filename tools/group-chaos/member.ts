/** One member of a group: it handles messages, commits what it has handled, and writes all of it down. The program that is killed. */
import { BalancedConsumer, type BalancedConsumerOptions, type ConsumerPartition, KafkaClient, type Message } from '@tskafka/consumer';
import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sequenceOf } from '../soak/ledger.ts';
import { type GroupEvent, now } from './events.ts';
import { type MemberPlan, sessionTimeoutMs } from './plan.ts';

const plan = JSON.parse(process.argv[2]!) as MemberPlan;
const say = (details: object, message: string): void => console.log(message, 'error' in details ? String(details.error) : '');
const logger = { debug: () => {}, info: () => {}, warn: say, error: say };
const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${topic}-${partition}`;

const ledger = openSync(plan.ledger, 'a');
/** Written before the next step is taken, so that it is there however this program ends. */
function note(kind: GroupEvent['kind'], partition: string, more: Pick<GroupEvent, 'offset' | 'sequence'> = {}): void {
  writeSync(ledger, `${JSON.stringify({ at: now(), member: plan.name, kind, partition, ...more } satisfies GroupEvent)}\n`);
}
const noteEach = (kind: GroupEvent['kind'], partitions: readonly ConsumerPartition[]): void => {
  for (const partition of partitions) note(kind, nameOf(partition));
};

/** What is handled, and not committed by this program yet. A partition that goes takes its entry along, and what is still being handled of it. */
const done = new Map<string, { readonly place: { readonly topic: string; readonly partition: number }; next: number | undefined }>();

async function commit(names: Iterable<string>): Promise<void> {
  const entries = [...names].map((name) => ({ name, ...done.get(name)! })).filter(({ next }) => next !== undefined);
  if (entries.length === 0) return;
  try {
    await consumer.commitOffsets(entries.map(({ place, next }) => [place, next!]));
    for (const { name, next } of entries) note('committed', name, { offset: next! });
  } catch (error) {
    say({ error }, 'a commit was refused'); // as it must be when the group has gone on without this member
  }
}

const options: BalancedConsumerOptions = {
  topics: plan.topics,
  consumerGroup: plan.group,
  closeTimeoutMs: 20_000,
  onAssigned: (partitions) => {
    for (const place of partitions) done.set(nameOf(place), { place, next: undefined });
    noteEach('assigned', partitions);
  },
  onRevoked: async (partitions) => {
    if (plan.commits === 'manual') await commit(partitions.map(nameOf).filter((name) => done.has(name)));
    for (const partition of partitions) done.delete(nameOf(partition));
    noteEach('revoked', partitions);
  },
  onLost: (partitions) => {
    for (const partition of partitions) done.delete(nameOf(partition));
    noteEach('lost', partitions);
  },
  ...(plan.protocol === 'classic'
    ? { partitionAssignors: ['cooperative-sticky'], sessionTimeoutMs: sessionTimeoutMs.classic, heartbeatIntervalMs: 1000 }
    : { groupProtocol: 'consumer' }),
};

async function handle(message: Message): Promise<void> {
  const { topic, partition, offset, value } = message;
  const name = nameOf(message);
  const held = done.get(name);
  note('delivered', name, { offset, sequence: sequenceOf(topic, partition, value?.toString() ?? '') });
  if (Math.random() < 0.02) await sleep(Math.random() * 20);
  note('handled', name, { offset });
  if (held !== undefined) held.next = offset + 1;
}

await using client = await KafkaClient.connect({ brokers: plan.brokers, requestTimeoutMs: 5000, logger });
const consumer = new BalancedConsumer(client, options);
let closing: Promise<void> | undefined;
process.once('SIGTERM', () => void (closing = consumer.close()));
await consumer.start().catch((error: unknown) => {
  if (closing === undefined) throw error; // it may be closed while it joins
});
if (closing !== undefined) await closing;
else if (plan.commits === 'run') await consumer.run(handle, { commitIntervalMs: 300 });
else {
  const committing = setInterval(() => void commit([...done.keys()]), 300);
  for await (const message of consumer) await handle(message);
  clearInterval(committing);
}
await closing; // the group is to hear of it before the client ends
