import { createHmac, pbkdf2Sync, createHash } from 'node:crypto';
import { HandClock } from '../../scripted-transport.ts';
import type { SaslContext } from './mechanism.ts';

/** For core's own tests: a login whose broker is a function, and what it was sent. */
export function scriptedLogin(answer: (clientBytes: Buffer, step: number) => Buffer | string | Promise<Buffer | string>) {
  const sent: Buffer[] = [];
  const controller = new AbortController();
  const clock = new HandClock();
  const context: SaslContext = {
    host: 'kafka',
    port: 9092,
    signal: controller.signal,
    clock,
    async exchange(clientBytes) {
      sent.push(clientBytes);
      return Buffer.from((await answer(clientBytes, sent.length)) as string);
    },
  };
  return { context, clock, sent, abort: (reason: Error) => controller.abort(reason) };
}

interface ScramServerOptions {
  readonly hash?: 'sha256' | 'sha512';
  readonly password?: string;
  readonly iterations?: number;
  readonly salt?: Buffer;
}

/** A broker's side of SCRAM, written from RFC 5802 and not from our client: `verify` says who logged in. */
export function scramServer({
  hash = 'sha256',
  password = 'pencil',
  iterations = 4096,
  salt = Buffer.alloc(16, 7),
}: ScramServerOptions = {}) {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const salted = pbkdf2Sync(password, salt, iterations, hash === 'sha256' ? 32 : 64, hash);
  const storedKey = createHash(hash).update(hmac(salted, 'Client Key')).digest();
  let clientFirst = '';
  let serverFirst = '';
  return (message: Buffer): string => {
    const text = message.toString();
    if (text.startsWith('n,,')) {
      clientFirst = text.slice(3);
      // Behind the nonce may stand extensions.
      serverFirst = `${/r=[^,]*/.exec(clientFirst)![0]}server-part,s=${salt.toString('base64')},i=${iterations}`;
      return serverFirst;
    }
    const [, withoutProof, proof] = /^(.*),p=(.*)$/.exec(text)!;
    const nonce = serverFirst.slice(0, serverFirst.indexOf(',s='));
    if (withoutProof !== `c=biws,${nonce}`) return 'e=other-error';
    const authMessage = `${clientFirst},${serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, authMessage);
    const clientKey = Buffer.from(proof!, 'base64').map((byte, i) => byte ^ signature[i]!);
    if (!createHash(hash).update(clientKey).digest().equals(storedKey)) return 'e=invalid-proof';
    return `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`;
  };
}
