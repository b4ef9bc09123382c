import { isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { raceWithSignal } from '../signal.ts';
import { nodeTls } from './node-tls.ts';
import { resolveTlsOptions, type SslOptions, type TlsOptions } from './ssl.ts';

/** Makes an open TCP socket a TLS one, or rejects. */
export type TlsHandshake = (socket: Socket, host: string, signal: AbortSignal) => Promise<TLSSocket>;

/** The handshake that the options ask for; undefined where none is. Throws TypeError for wrong options. */
export function tlsHandshake(ssl: SslOptions | boolean | undefined): TlsHandshake | undefined {
  if (ssl === undefined || ssl === false) return undefined;
  if (typeof ssl === 'function') {
    return async (socket, host, signal) => {
      const options = await raceWithSignal(Promise.resolve().then(ssl).catch(withoutCause), signal);
      return secure(socket, host, resolveTlsOptions(options), signal);
    };
  }
  const options = resolveTlsOptions(ssl === true ? {} : ssl);
  return (socket, host, signal) => secure(socket, host, options, signal);
}

/** Whatever loads keys may put them into its error. */
function withoutCause(error: unknown): never {
  throw new Error(`the ssl function failed: ${error instanceof Error ? error.message : typeof error}`);
}

function secure(socket: Socket, host: string, options: TlsOptions, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    if (socket.destroyed) throw cut(); // node:tls would wait for it for ever
    const name = host.replace(/\.$/, ''); // the root's dot is for the resolver: certificates have none
    const servername = options.servername ?? (isIP(name) === 0 ? name : undefined); // SNI is for names (RFC 6066)
    const secured = nodeTls().connect({ ...options, ...(servername === undefined ? {} : { servername }), host: name, socket });
    const settle = (action: () => void): void => {
      signal.removeEventListener('abort', abort);
      secured.off('error', fail).off('close', closed);
      action();
    };
    const fail = (error: Error): void =>
      settle(() => {
        secured.destroy();
        reject(error);
      });
    const abort = (): void => fail(signal.reason as Error);
    const closed = (): void => fail(cut());
    signal.addEventListener('abort', abort, { once: true });
    secured.on('error', () => {}); // between two owners an error must not end the process
    secured.on('error', fail).on('close', closed);
    secured.once('secureConnect', () => settle(() => resolve(secured)));
  });
}

function cut(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}
