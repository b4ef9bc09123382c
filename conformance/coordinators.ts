import { apis } from '@tskafka/core/protocol';
import { broker } from './broker.ts';

type Kind = 'group' | 'transaction';

const topics = { group: '__consumer_offsets', transaction: '__transaction_state' } as const;

/** The node that coordinates this group or (`transaction`) transactional id. */
export async function coordinatorOf(key: string, kind: Kind = 'group'): Promise<number> {
  const any = await broker.wire();
  const { nodeId } = await any.send(apis.findCoordinator, 2, { key, keyType: kind === 'group' ? 0 : 1 });
  any.close();
  return nodeId;
}

/** Gives it another coordinator, the next node, and tells which one it had. */
export async function moveCoordinator(key: string, kind: Kind = 'group'): Promise<number> {
  const any = await broker.wire();
  const leaders = await broker.leaders(topics[kind], any);
  any.close();
  const partition = partitionOf(key, leaders.length);
  const before = leaders[partition]!;
  await broker.moveLeader({ name: topics[kind], id: '' }, partition, (before % broker.nodes) + 1);
  return before;
}

/** The partition of the internal topic that a name belongs to: by Java's hash of it, without its sign. */
function partitionOf(key: string, partitions: number): number {
  const hash = [...key].reduce((sum, character) => (Math.imul(sum, 31) + character.charCodeAt(0)) | 0, 0);
  return Math.abs(hash) % partitions;
}
