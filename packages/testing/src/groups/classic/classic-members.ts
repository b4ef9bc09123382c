import { errorCodes } from '@tskafka/core/protocol';
import type { Committer, GroupMembers } from '../group-members.ts';

/** The members of a classic group. A group that only keeps offsets is an empty one. */
export class ClassicMembers implements GroupMembers {
  readonly type = 'classic';
  readonly state = 'Empty';
  readonly protocolType = '';
  readonly isEmpty = true;

  commitError({ generationIdOrMemberEpoch }: Committer): number {
    return generationIdOrMemberEpoch < 0 ? errorCodes.NONE : errorCodes.UNKNOWN_MEMBER_ID;
  }

  fetchError(): number {
    return errorCodes.NONE;
  }

  deleteError(): number {
    return errorCodes.NONE;
  }

  offsetDeleteError(): number {
    return errorCodes.NONE;
  }

  isSubscribedTo(_topic: string): boolean {
    return false;
  }

  close(_errorCode: number): void {}
}
