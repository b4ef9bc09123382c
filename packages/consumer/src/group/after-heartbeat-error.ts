import { BrokerError } from '@tskafka/core';
import { errorCodes } from '@tskafka/core/protocol';
import { isPassing } from './member-session.ts';

/** How a member goes on: it joins anew, waits (and tells that it may not see a topic), or has ended. */
export type NextStep = 'join anew' | 'wait and tell' | 'wait' | 'end';

/** What a member does after its heartbeat has failed, in a group by KIP-848 or a share group (KIP-932). */
export function afterHeartbeatError(error: Error, { epoch, wasMember }: { readonly epoch: number; readonly wasMember: boolean }): NextStep {
  const code = error instanceof BrokerError ? error.code : undefined;
  if (code === errorCodes.UNKNOWN_MEMBER_ID || code === errorCodes.FENCED_MEMBER_EPOCH) return 'join anew';
  // A group that is gone, or speaks the classic protocol by now, is joined as any other; where that is refused it is refused for good.
  if (code === errorCodes.GROUP_ID_NOT_FOUND && epoch > 0) return 'join anew';
  if (code === errorCodes.TOPIC_AUTHORIZATION_FAILED && wasMember) return 'wait and tell';
  // Another member has its name for now.
  if (code === errorCodes.UNRELEASED_INSTANCE_ID) return 'wait';
  return isPassing(error) ? 'wait' : 'end';
}
