import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { KafkaClient } from '@tskafka/core';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { sessionMs } from '../session-ms.ts';
import { until } from '../until.ts';
import { failure, kafka, password, tls, username } from './secure.ts';

afterAll(() => broker.closeWires());

const plaintext = { brokers: kafka.addresses('SASL_PLAINTEXT') };
const secure = { brokers: kafka.addresses('SASL_SSL'), ssl: { ca: tls.ca } };

describe('a login', () => {
  it('A4: is renewed on its connection while requests go on, before the broker ends the session (KIP-368)', async () => {
    const { name } = await broker.createTopic({ partitions: broker.nodes });
    await using client = await KafkaClient.connect({ ...plaintext, sasl: { mechanism: 'scram-sha-512', username, password } });
    await client.topic(name).latestOffsets(); // opens the connections
    const closed: unknown[] = [];
    const record = (message: unknown): void => void closed.push(message);
    subscribe('tskafka:connection:close', record);
    try {
      let answers = 0;
      const end = Date.now() + sessionMs + 1500;
      const ask = async (): Promise<void> => {
        for (; Date.now() < end; answers++) expect(await client.topic(name).latestOffsets()).toHaveProperty('size', broker.nodes);
      };
      await Promise.all([ask(), ask(), ask()]);
      expect(answers).toBeGreaterThan(100);
      await sleep(sessionMs + 500); // a session that nobody uses is renewed as well
      await client.topic(name).latestOffsets();
      expect(closed).toEqual([]);
    } finally {
      unsubscribe('tskafka:connection:close', record);
    }
  });

  it('A6: takes the password that holds at that moment', async () => {
    const user = broker.freshName('rotating');
    const wire = await broker.wire();
    const setPassword = async (text: string): Promise<void> => {
      const salt = randomBytes(16);
      const iterations = 4096;
      const saltedPassword = pbkdf2Sync(text, salt, iterations, 32, 'sha256');
      const upsertions = [{ name: user, mechanism: 1, iterations, salt, saltedPassword }];
      const { results } = await wire.send(apis.alterUserScramCredentials, 0, { deletions: [], upsertions });
      expect(results).toMatchObject([{ errorCode: 0 }]);
    };
    let current = 'first';
    const sasl = { mechanism: 'scram-sha-256', username: user, password: () => current } as const;
    const connects = async (): Promise<boolean> => {
      const client = await KafkaClient.connect({ ...secure, sasl }).catch(() => undefined);
      await client?.close();
      return client !== undefined;
    };
    await setPassword('first');
    await until('the user is known to every broker', connects);
    await setPassword('second');
    await until('the first password is refused', async () => !(await connects()));
    current = 'second';
    await until('the second one is taken by every broker', connects);
  });

  it('A1: a user name with a comma and an equals sign is escaped for SCRAM', async () => {
    const error = await failure({ ...secure, sasl: { mechanism: 'scram-sha-256', username: 'a=b,c=d', password: 'x' } });
    expect(error).toMatchObject({ name: 'AuthenticationError' }); // and not a broken conversation
    expect(error.message).toMatch(/refused the SASL SCRAM-SHA-256 login/);
  });
});

describe('what a user may not do', () => {
  it('A11: is one clear error of the call, and everything else goes on over the same connection', async () => {
    const denied = await broker.createTopic();
    const allowed = await broker.createTopic();
    const wire = await broker.wire();
    const acl = {
      ...{ resourceType: 2, resourceName: denied.name, principal: `User:${username}`, host: '*' },
      ...{ operation: 2, permissionType: 2 }, // topic, all operations, deny
    };
    const { results } = await wire.send(apis.createAcls, 2, { creations: [acl] });
    expect(results).toMatchObject([{ errorCode: 0 }]);
    await using client = await KafkaClient.connect({ ...secure, sasl: { mechanism: 'plain', username, password } });
    const refusal = (): Promise<{ errorName?: string }> =>
      client
        .topic(denied.name)
        .partitions()
        .then(
          () => ({}),
          (error: { errorName?: string }) => error,
        );
    let refused = {};
    await until('the list is known', async () => 'errorName' in (refused = await refusal()));
    expect(refused).toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' });
    expect(refused).toMatchObject({ name: 'BrokerError', message: expect.stringContaining(denied.name) });
    // An access list for one topic is no list for another: there everybody may do everything still.
    expect(await client.topic(allowed.name).partitions()).toHaveLength(1);
  });
});
