import { type MechanismServer, type MechanismStep, noToken } from './mechanism.ts';

/** PLAIN (RFC 4616): user and password as they are. */
export function plainServer(passwordOf: (user: string) => string | undefined): MechanismServer {
  return { step: (token) => check(token, passwordOf) };
}

function check(token: Buffer, passwordOf: (user: string) => string | undefined): MechanismStep {
  const parts = token.toString('utf8').split('\u0000');
  if (parts.length !== 3) return refused(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`);
  const [authorizationId, user, password] = parts as [string, string, string];
  if (user === '') return refused('Authentication failed: username not specified');
  if (password === '') return refused('Authentication failed: password not specified');
  if (passwordOf(user) !== password) return refused('Authentication failed: Invalid username or password');
  if (authorizationId !== '' && authorizationId !== user) {
    return refused('Authentication failed: Client requested an authorization id that is different from username');
  }
  return { kind: 'accepted', token: noToken, user };
}

function refused(message: string): MechanismStep {
  return { kind: 'refused', message };
}
