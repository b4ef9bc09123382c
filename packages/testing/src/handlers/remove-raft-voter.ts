import { apis } from '@tskafka/core/protocol';
import { refuseVoterChange } from '../broker/voter-change.ts';
import { defineHandler } from '../handler.ts';

/** Removes no controller: the quorum is a static one. */
export const removeRaftVoterHandler = defineHandler(apis.removeRaftVoter, (request, context) =>
  refuseVoterChange('Remove', request, context),
);
