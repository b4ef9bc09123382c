import { apis } from '@tskafka/core/protocol';
import { refuseVoterChange } from '../broker/voter-change.ts';
import { defineHandler } from '../handler.ts';

/** Adds no controller: the quorum is a static one. */
export const addRaftVoterHandler = defineHandler(apis.addRaftVoter, (request, context) => refuseVoterChange('Add', request, context));
