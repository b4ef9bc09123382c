import { expect, it } from 'vitest';
import * as admin from '@tskafka/core';

/** Those that take a client first: their names begin with what they do. */
const functions = Object.entries(admin).filter(([name]) =>
  /^(list|describe|alter|create|delete|remove|elect|fence|abort|unregister|update|add|renew|expire|groupO|shareGroupO)/.test(name),
);

it('there are functions to look at', () => expect(functions.length).toBeGreaterThan(35));

it.each(functions)('%s says what it needs where a client is awaited by nobody', async (name, call) => {
  const unawaited = Promise.resolve();
  await expect((call as (client: unknown) => Promise<unknown>)(unawaited)).rejects.toThrow(
    new TypeError(`${name} needs a KafkaClient or one of its topics, not a promise: await it`),
  );
});
