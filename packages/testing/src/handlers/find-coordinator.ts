import { apis, type BrokerAddress, errorCodes } from '@tskafka/core/protocol';
import { sharePartitionKey } from '../groups/coordinator-key.ts';
import type { CoordinatorType } from '../topics/coordinator-topics.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

const types: Readonly<Record<number, CoordinatorType>> = { 0: 'group', 1: 'transaction', 2: 'share' };
const firstWithShare = 6;

/** Which broker coordinates a group or a transactional id. */
export const findCoordinatorHandler = defineHandler(apis.findCoordinator, (request, context) => {
  if (context.version >= 4)
    return { coordinators: request.coordinatorKeys.map((key) => ({ key, ...find(request.keyType, key, context) })) };
  const { errorMessage, ...found } = find(request.keyType, request.key, context);
  return { ...found, errorMessage: found.errorCode === 0 ? 'NONE' : errorMessage || (messages.get(found.errorCode) ?? '') };
});

/** What Kafka says with these codes. */
const messages: ReadonlyMap<number, string> = new Map([
  [errorCodes.COORDINATOR_NOT_AVAILABLE, 'The coordinator is not available.'],
  [
    errorCodes.INVALID_REQUEST,
    'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. ' +
      'See the broker logs for more details.',
  ],
]);

interface Found extends BrokerAddress {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly nodeId: number;
}

function find(keyType: number, key: string, context: HandlerContext): Found {
  const failure = context.failureOf();
  if (failure !== 0) return notFound(failure);
  const type = types[keyType];
  if (type === undefined) return notFound(errorCodes.INVALID_REQUEST, messages.get(errorCodes.INVALID_REQUEST));
  const known = type === 'share' ? sharePartitionKey(key) : key;
  if (known === undefined || (type === 'share' && context.version < firstWithShare)) return notFound(errorCodes.INVALID_REQUEST);
  const nodeId = context.state.coordinatorOf(type, known);
  if (nodeId === -1) return notFound(errorCodes.COORDINATOR_NOT_AVAILABLE);
  return { errorCode: errorCodes.NONE, errorMessage: '', nodeId, ...context.session.addressOf(nodeId) };
}

function notFound(errorCode: number, errorMessage = ''): Found {
  return { errorCode, errorMessage, nodeId: -1, host: '', port: -1 };
}
