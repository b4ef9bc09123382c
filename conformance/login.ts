import { apis } from '@tskafka/core/protocol';
import type { Wire } from './wire.ts';

/** Logs this connection in as the user, by a token that nobody has signed (OAUTHBEARER). */
export async function loginByToken(wire: Wire, user: string): Promise<void> {
  const { errorCode } = await wire.send(apis.saslHandshake, 1, { mechanism: 'OAUTHBEARER' });
  if (errorCode !== 0) throw new Error(`OAUTHBEARER: error ${errorCode}`);
  const answer = await wire.send(apis.saslAuthenticate, 2, { authBytes: tokenMessage(user) });
  if (answer.errorCode !== 0) throw new Error(`login as ${user}: error ${answer.errorCode} ${answer.errorMessage}`);
}

/** What a client says by OAUTHBEARER (RFC 7628). */
export const tokenMessage = (user: string): Buffer => Buffer.from(`n,,\u0001auth=Bearer ${unsignedToken(user)}\u0001\u0001`);

export function unsignedToken(sub: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub, iat: seconds, exp: seconds + 600 })}.`;
}
