import { connect as connectSocket, type OnReadOpts, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';

/** A later address is tried beside an earlier one that has not answered for this long (RFC 8305 gives 250 ms). */
const nextAddressAfterMs = 250;

export interface ConnectFirstOptions {
  readonly port: number;
  readonly keepAlive: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Takes what comes in place of the socket's `data`. */
  readonly onread?: OnReadOpts | undefined;
}

/** Why each address of a host failed, in the order in which they failed. */
export class AddressesFailed extends Error {
  readonly failures: readonly { readonly ip: string; readonly error: NodeJS.ErrnoException }[];

  constructor(failures: AddressesFailed['failures']) {
    super(failures.map(({ ip, error }) => `${ip}: ${error.message}`).join('; '));
    this.name = 'AddressesFailed';
    this.failures = failures;
  }
}

/**
 * Opens a TCP connection to the first address that answers.
 *
 * Node's own `autoSelectFamily` gives an address up after 250 ms, so behind a slow link only the last one ever gets its time.
 * Here a slow address stays in the race while the next ones join it.
 */
export function connectFirst(ips: readonly string[], options: ConnectFirstOptions): Promise<Socket> {
  const { port, keepAlive, clock, signal, onread } = options;
  return new Promise((resolve, reject) => {
    const racing = new Set<Socket>();
    const failures: { ip: string; error: NodeJS.ErrnoException }[] = [];
    let next = 0;
    let timer = clock.setTimeout(() => {}, 0);

    const settle = (action: () => void): void => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
      for (const socket of racing) socket.destroy();
      racing.clear();
      action();
    };
    const abort = (): void => settle(() => reject(signal.reason));

    const tryNext = (): void => {
      timer.cancel();
      const ip = ips[next++];
      if (ip === undefined) {
        if (racing.size === 0) settle(() => reject(new AddressesFailed(failures)));
        return;
      }
      let socket: Socket;
      try {
        socket = connectSocket({ host: ip, port, noDelay: true, keepAlive, keepAliveInitialDelay: 60_000, ...(onread && { onread }) });
      } catch (error) {
        return settle(() => reject(error)); // a port that is none: the same for every address
      }
      racing.add(socket);
      socket.once('error', (error) => {
        if (!racing.delete(socket)) return;
        failures.push({ ip, error });
        tryNext();
      });
      socket.on('error', () => {}); // a loser, or the winner between two owners, must not end the process
      socket.once('connect', () => {
        if (!racing.delete(socket)) return;
        settle(() => resolve(socket));
      });
      timer = clock.setTimeout(tryNext, nextAddressAfterMs);
    };

    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    tryNext();
  });
}
