import { describe, expect, it } from 'vitest';
import { turn } from '../../scripted-transport.ts';
import { clientProof, ScramKeyring, serverSignature } from './scram-keys.ts';

const salt = Buffer.from('QSXCR+Q6sek8bf92', 'base64');
const { signal } = new AbortController();

describe('ScramKeyring', () => {
  it('derives what RFC 5802 publishes', async () => {
    const keys = await new ScramKeyring('sha1').keysOf('pencil', salt, 4096, signal);
    const nonce = 'fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j';
    const authMessage = `n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=${nonce},s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=${nonce}`;
    expect(clientProof('sha1', keys, authMessage).toString('base64')).toBe('v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=');
    expect(serverSignature('sha1', keys, authMessage).toString('base64')).toBe('rmF9pqV8S7suAoZWja4dJRkFsKQ=');
  });

  it('derives once for the same password, salt and iterations, however many ask at once', async () => {
    const keyring = new ScramKeyring('sha256');
    const [one, two] = await Promise.all([
      keyring.keysOf('pencil', salt, 4096, signal),
      keyring.keysOf('pencil', Buffer.from(salt), 4096, signal),
    ]);
    expect(two).toBe(one);
    expect(await keyring.keysOf('pencil', salt, 4096, signal)).toBe(one);
  });

  it.each([
    ['password', 'eraser', salt, 4096],
    ['salt', 'pencil', Buffer.alloc(12), 4096],
    ['iterations', 'pencil', salt, 4097],
  ] as const)('A6: derives anew for another %s', async (_, password, otherSalt, iterations) => {
    const keyring = new ScramKeyring('sha256');
    const before = await keyring.keysOf('pencil', salt, 4096, signal);
    const after = await keyring.keysOf(password, otherSalt, iterations, signal);
    expect(after.clientKey.equals(before.clientKey)).toBe(false);
  });

  it('A3: a salt that the broker changes later does not change what is remembered', async () => {
    const keyring = new ScramKeyring('sha256');
    const shared = Buffer.from(salt);
    const before = await keyring.keysOf('pencil', shared, 4096, signal);
    shared.fill(0);
    expect((await keyring.keysOf('pencil', shared, 4096, signal)).clientKey.equals(before.clientKey)).toBe(false);
  });

  it('A3: runs one derivation at a time, and none for a login that was given up', async () => {
    const keyring = new ScramKeyring('sha512');
    const controller = new AbortController();
    const finished: string[] = [];
    const slow = keyring.keysOf('a', salt, 200_000, signal).then(() => finished.push('slow'));
    const quick = keyring.keysOf('b', salt, 4096, signal).then(() => finished.push('quick'));
    const given = keyring.keysOf('c', salt, 1_000_000_000, controller.signal);
    const reason = new Error('given up');
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(finished).toEqual([]); // it did not wait for its turn to say so
    await Promise.all([slow, quick]);
    expect(finished).toEqual(['slow', 'quick']);
    await keyring.keysOf('d', salt, 4096, signal); // a billion iterations are not in the way
    await turn();
  });

  it('a failure leaves the turn to the next', async () => {
    const keyring = new ScramKeyring('sha256');
    await expect(keyring.keysOf('a', salt, -1, signal)).rejects.toThrow();
    await keyring.keysOf('a', salt, 4096, signal);
  });
});
