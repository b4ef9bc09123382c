import { errorCodes, zeroUuid } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';
import { controllerListener } from './quorum.ts';

export interface AskedVoter {
  readonly clusterId: string | null;
  readonly voterId: number;
  readonly voterDirectoryId: string;
  readonly listeners?: readonly { readonly name: string; readonly host: string; readonly port: number }[];
}

export interface Refused {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Why the quorum keeps its voters, in Kafka's words: one whose `kraft.version` is 0 always does (KIP-853). */
export function refuseVoterChange(verb: 'Add' | 'Remove', asked: AskedVoter, { state, failureOf }: HandlerContext): Refused {
  const { clusterId, voterId, voterDirectoryId, listeners } = asked;
  const failure = failureOf();
  if (failure !== 0) return refused(failure, null);
  if (clusterId !== null && clusterId !== state.clusterId) {
    return refused(errorCodes.INCONSISTENT_CLUSTER_ID, `The given id "${clusterId}" doesn't match the cluster id "${state.clusterId}"`);
  }
  if (voterId < 0 || voterDirectoryId === zeroUuid) {
    return refused(errorCodes.INVALID_REQUEST, `${verb} voter request didn't include a valid voter`);
  }
  if (listeners !== undefined && !listeners.some(({ name }) => name === controllerListener)) {
    const given = listeners.map(({ name, host, port }) => `ListenerName(${name})=${host}/<unresolved>:${port}`).join(', ');
    const text = `Add voter request didn't include the endpoint (Endpoints(endpoints={${given}}))`;
    return refused(errorCodes.INVALID_REQUEST, `${text} for the default listener ListenerName(${controllerListener})`);
  }
  const doing = verb === 'Add' ? 'adding' : 'removing';
  return refused(errorCodes.UNSUPPORTED_VERSION, `Cluster doesn't support ${doing} voter because the kraft.version feature is 0`);
}

function refused(errorCode: number, errorMessage: string | null): Refused {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}
