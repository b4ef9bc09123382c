import type { HandlerContext } from '../handler.ts';
import type { GroupClient } from './classic/classic-protocol.ts';

/** The client whose request this is, as its group knows it. */
export function groupClient({ clientId, version }: HandlerContext): GroupClient {
  // The mock listens on loopback.
  return { clientId, clientHost: '/127.0.0.1', version };
}
