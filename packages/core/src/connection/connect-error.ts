import { type KafkaError, SocketDisconnectedError } from '../errors.ts';
import { type BrokerAddress, formatAddress } from '../transport.ts';
import { AddressesFailed } from './connect-first.ts';

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the other side reset the connection'],
  ['EPIPE', 'the other side closed the connection'],
  ['ETIMEDOUT', 'no answer'],
  ['EHOSTUNREACH', 'no route to the host'],
  ['ENETUNREACH', 'no route to the network'],
  ['ENOTFOUND', 'the host name is unknown'],
  ['EAI_AGAIN', 'the name server does not answer'],
  ['EMFILE', 'this process has too many open files'],
  ['ENFILE', 'this system has too many open files'],
  ['EADDRNOTAVAIL', 'no local port is free, or the address is not reachable from here'],
]);

/** One line for a failed or broken connection: where, why, and the system's own code. The original is the cause. */
export function connectError(address: BrokerAddress, error: unknown): KafkaError {
  return new SocketDisconnectedError(`${formatAddress(address)}: ${reasonOf(error)}`, { cause: error, retriable: true });
}

function reasonOf(error: unknown): string {
  if (error instanceof AddressesFailed) {
    const { failures } = error;
    const first = reasonOf(failures[0]!.error);
    if (failures.every((failure) => reasonOf(failure.error) === first)) {
      return failures.length === 1 ? first : `${first}, at ${failures.map(({ ip }) => ip).join(', ')}`;
    }
    return failures.map((failure) => `${failure.ip}: ${reasonOf(failure.error)}`).join('; ');
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : reasons.get(code);
  return reason === undefined ? oneLine(message) : `${reason} (${code})`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
