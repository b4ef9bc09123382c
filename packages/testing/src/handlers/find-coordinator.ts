import { apis, type BrokerAddress, errorCodes } from '@tskafka/core/protocol';
import type { CoordinatorType } from '../cluster-state.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

const types: Readonly<Record<number, CoordinatorType>> = { 0: 'group', 1: 'transaction' };

/** Which broker coordinates a group or a transactional id. */
export const findCoordinatorHandler = defineHandler(apis.findCoordinator, (request, context) => {
  const answers = (context.version < 4 ? [request.key] : request.coordinatorKeys).map((key) => ({
    key,
    ...find(request.keyType, key, context),
  }));
  if (context.version >= 4) return { coordinators: answers.map((answer) => ({ ...answer, errorMessage: '' })) };
  const { errorCode, nodeId, host, port } = answers[0]!;
  return { errorCode, errorMessage: errorCode === 0 ? 'NONE' : null, nodeId, host, port };
});

interface Found extends BrokerAddress {
  readonly errorCode: number;
  readonly nodeId: number;
}

function find(keyType: number, key: string, context: HandlerContext): Found {
  const failure = context.failureOf();
  if (failure !== 0) return notFound(failure);
  const type = types[keyType];
  if (type === undefined) return notFound(errorCodes.INVALID_REQUEST);
  const nodeId = context.state.coordinatorOf(type, key);
  if (nodeId === -1) return notFound(errorCodes.COORDINATOR_NOT_AVAILABLE);
  return { errorCode: errorCodes.NONE, nodeId, ...context.session.addressOf(nodeId) };
}

function notFound(errorCode: number): Found {
  return { errorCode, nodeId: -1, host: '', port: -1 };
}
