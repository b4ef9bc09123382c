import { ClassicMembers } from './classic/classic-members.ts';
import type { ConsumerMembers } from './consumer/consumer-members.ts';
import type { GroupContext } from './group-context.ts';
import { GroupOffsets } from './group-offsets.ts';
import type { ShareMembers } from './share/share-members.ts';

/** The members of a group, by its type: another type is another class in this union. */
export type Members = ClassicMembers | ConsumerMembers | ShareMembers;

/**
 * A group: what it has committed, and who its members are.
 *
 * The offsets outlive a change of the type: an empty classic group becomes a consumer group when the first member of the new protocol
 * comes, and the other way round (KIP-848).
 */
export class Group {
  readonly id: string;
  readonly offsets = new GroupOffsets();
  members: Members;

  constructor(id: string, context: GroupContext) {
    this.id = id;
    this.members = new ClassicMembers(context);
  }
}
