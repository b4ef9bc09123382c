import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, SocketDisconnectedError, TimeoutError } from '../../errors.ts';
import { turn } from '../../scripted-transport.ts';
import { plain } from './plain.ts';
import { scriptedLogin } from './scripted-login.ts';

describe('plain', () => {
  it('sends an empty identity, the name and the password, parted by NUL', async () => {
    const { context, sent } = scriptedLogin(() => '');
    await plain('alice', 'pässwörd').authenticate(context);
    expect(sent).toEqual([Buffer.from('\0alice\0pässwörd')]);
  });

  it('A1: what the broker refuses with is what is told', async () => {
    const refused = new AuthenticationError('Invalid username or password');
    await expect(plain('alice', 'x').authenticate(scriptedLogin(() => Promise.reject(refused)).context)).rejects.toBe(refused);
  });

  it('A12: a connection that closes instead of an answer is what is told', async () => {
    const gone = new SocketDisconnectedError('gone', { retriable: true });
    await expect(plain('alice', 'x').authenticate(scriptedLogin(() => Promise.reject(gone)).context)).rejects.toBe(gone);
  });

  it('A6: a password function is asked for each login', async () => {
    const passwords = ['one', 'two'];
    const mechanism = plain('alice', () => passwords.shift()!);
    const { context, sent } = scriptedLogin(() => '');
    await mechanism.authenticate(context);
    await mechanism.authenticate(context);
    expect(sent.map(String)).toEqual(['\0alice\0one', '\0alice\0two']);
  });

  it.each([
    ['nothing', () => undefined, 'kafka:9092: sasl.password gave undefined'],
    ['an empty string', () => '', 'kafka:9092: sasl.password gave an empty string'],
    ['an object', () => ({ secret: 'x' }), 'kafka:9092: sasl.password gave object'],
    ['a NUL character', () => 'a\0b', 'kafka:9092: sasl.password has a NUL character'],
  ])('A6: a password function that gives %s is an error, and nothing is sent', async (_, password, message) => {
    const { context, sent } = scriptedLogin(() => '');
    await expect(plain('alice', password as () => string).authenticate(context)).rejects.toThrow(new AuthenticationError(message));
    expect(sent).toEqual([]);
  });

  it('A6: a password function that fails can be asked again; only its message is told', async () => {
    const leaky = Object.assign(new Error('vault is sealed'), { request: { token: 'horse-battery' } });
    const failing = plain('alice', () => Promise.reject(leaky)).authenticate(scriptedLogin(() => '').context);
    const error = await failing.then(
      () => expect.unreachable(),
      (thrown: Error) => thrown,
    );
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ message: 'kafka:9092: sasl.password failed: vault is sealed', retriable: true });
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain('horse-battery');
  });

  it('A6: a password function that gives nothing in time is a TimeoutError', async () => {
    const { context, clock } = scriptedLogin(() => '');
    const hanging = plain('alice', () => new Promise<string>(() => {})).authenticate(context);
    hanging.catch(() => {});
    await clock.advance(9_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await expect(hanging).rejects.toBeInstanceOf(TimeoutError);
    await expect(hanging).rejects.toMatchObject({ message: 'kafka:9092: sasl.password returned nothing within 10000 ms', retriable: true });
  });

  it('S3: a login that is given up does not wait for the password', async () => {
    const { context, clock, abort } = scriptedLogin(() => '');
    const hanging = plain('alice', () => new Promise<string>(() => {})).authenticate(context);
    const reason = new Error('closed');
    await turn();
    abort(reason);
    await expect(hanging).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
    await expect(plain('alice', () => 'x').authenticate(context)).rejects.toBe(reason);
  });
});
