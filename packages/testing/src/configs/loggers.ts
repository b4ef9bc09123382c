import { errorCodes } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';
import { type Alteration, operationName } from './alter-operations.ts';

const levels = ['DEBUG', 'ERROR', 'FATAL', 'INFO', 'TRACE', 'WARN'];
const root = 'root';

type Refusal = { readonly errorCode: number; readonly errorMessage: string | null };

/** Changes the levels of a broker's loggers (KIP-412); says why it does not. */
export function alterLoggers(
  resourceName: string,
  alterations: readonly Alteration[],
  validateOnly: boolean,
  { state, brokerId }: HandlerContext,
): Refusal | undefined {
  if (!/^[+-]?\d+$/.test(resourceName)) return refused('INVALID_REQUEST', `Node id must be an integer, but it is: ${resourceName}`);
  if (Number(resourceName) !== brokerId) {
    return refused('INVALID_REQUEST', `Unexpected node id. Expected ${brokerId}, but received ${resourceName}`);
  }
  const loggers = state.configs.dynamic.loggers(brokerId);
  for (const alteration of alterations) {
    const wrong = check(alteration, loggers);
    if (wrong !== undefined) return wrong;
  }
  if (validateOnly) return undefined;
  for (const { name, operation, value } of alterations) {
    // Without a level of its own, a logger has the root's.
    loggers.set(name, operationName(operation) === 'SET' ? value! : loggers.get(root)!);
  }
  return undefined;
}

function check({ name, operation, value }: Alteration, loggers: ReadonlyMap<string, string>): Refusal | undefined {
  const kind = operationName(operation);
  if (kind === undefined) return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
  if (kind === 'APPEND' || kind === 'SUBTRACT') {
    return refused('INVALID_REQUEST', `${kind} operation is not allowed for the BROKER_LOGGER resource`);
  }
  if (!loggers.has(name)) return refused('INVALID_CONFIG', `Logger ${name} does not exist!`);
  if (kind === 'DELETE') {
    return name === root ? refused('INVALID_REQUEST', `Removing the log level of the ${root} logger is not allowed`) : undefined;
  }
  if (levels.includes(value!)) return undefined;
  const text = `Cannot set the log level of ${name} to ${value} as it is not a supported log level.`;
  return refused('INVALID_CONFIG', `${text} Valid log levels are ${levels.join(', ')}`);
}

function refused(error: 'INVALID_REQUEST' | 'INVALID_CONFIG', errorMessage: string): Refusal {
  return { errorCode: errorCodes[error], errorMessage };
}
