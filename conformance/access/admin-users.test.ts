import { alterUserScramCredentials, describeUserScramCredentials, type KafkaClient, valuesOf } from '@tskafka/core';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';
import { closeLogins, scramLogin } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));
afterAll(closeLogins);

const mechanism = 'SCRAM-SHA-256';

describe('SCRAM users', () => {
  it('are made, told without their passwords, and deleted', async () => {
    const [user, other] = [broker.freshName('user'), broker.freshName('other')];
    const first = { user, mechanism, password: 'a first one' } as const;
    const second = { user, mechanism: 'SCRAM-SHA-512', password: 'a second one', iterations: 8192 } as const;
    const nobody = { user: other, mechanism, delete: true } as const;
    const made = await alterUserScramCredentials(client, [first, second, nobody]);
    expect([...made]).toEqual([
      [first, undefined],
      [second, undefined],
      [nobody, expect.objectContaining({ errorName: 'RESOURCE_NOT_FOUND' })],
    ]);

    const told = async () => (await describeUserScramCredentials(client, [user])).get(user);
    // Each node reads the log of metadata in its own time, and any of them may be asked.
    await expect.poll(told).toEqual([
      { mechanism, iterations: 4096 },
      { mechanism: 'SCRAM-SHA-512', iterations: 8192 },
    ]);
    await expect.poll(async () => (await describeUserScramCredentials(client)).has(user)).toBe(true);
    valuesOf(await alterUserScramCredentials(client, [{ user, mechanism, delete: true }, { user, mechanism: 'SCRAM-SHA-512', delete: true }])); // prettier-ignore
    await expect.poll(told).toMatchObject({ errorName: 'RESOURCE_NOT_FOUND' });
  });

  it.skipIf(broker.nodes === 1)('log in with the password that was set', async () => {
    const user = broker.freshName('user');
    valuesOf(await alterUserScramCredentials(client, [{ user, mechanism, password: 'geheimnis ÄÖ' }]));
    await until('the login works', async () => (await scramLogin(user, 'geheimnis ÄÖ')).errorCode === 0);
    expect((await scramLogin(user, 'another')).errorCode).not.toBe(0);
  });

  it.each([
    [{ password: '' }, 'needs a non-empty password'],
    [{ password: 'a', iterations: 100 }, 'iterations must be a whole number from 4096 to 16384, not 100'],
    [{ password: 'a', mechanism: 'PLAIN' }, "must be one of SCRAM-SHA-256, SCRAM-SHA-512, not 'PLAIN'"],
  ])('refuses %j before anything is sent', async (change, message) => {
    const asked = alterUserScramCredentials(client, [{ user: 'a', mechanism, ...change } as never]);
    await expect(asked).rejects.toThrow(message);
  });
});
