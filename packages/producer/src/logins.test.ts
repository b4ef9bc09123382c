import { describe, expect, it } from 'vitest';
import { failureOf, order, startOnMock } from './test-on-mock.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A producer that logs in with tokens. What it is given instead of them is first in, first out. */
async function start() {
  const instead: (Error | undefined)[] = [];
  const oauthBearerProvider = async (): Promise<{ value: string }> => {
    if (instead.length > 0) {
      const given = instead.shift();
      if (given !== undefined) throw given;
      return undefined as never;
    }
    const iat = Math.floor(Date.UTC(2026, 0, 1) / 1000) - 100;
    return { value: `${part({ alg: 'none' })}.${part({ sub: 'alice', iat, exp: iat + 10_000 })}.` };
  };
  const scene = await startOnMock({
    cluster: { brokers: 1, topics: { orders: 1 }, sasl: { oauthbearer: true, sessionLifetimeMs: 10_000 } },
    client: { sasl: { mechanism: 'oauthbearer', oauthBearerProvider } },
  });
  await scene.producer.send(order('first'));
  return { ...scene, instead };
}

describe('what waits for a broker', () => {
  it('A5: is not given up while there is no token for it: the next may be there soon', async () => {
    const { producer, cluster, clock, log, instead } = await start();
    cluster.broker(1).dropConnections();
    instead.push(new Error('none today'), new Error('none today'), new Error('none today'));
    const sent = producer.send(order('a'));
    await clock.advance(3000);
    await sent;
    expect(log()).toEqual(['first', 'a']);
    expect(instead).toEqual([]);
  });

  it('A4: is not given up when a login cannot be renewed: it goes over the next connection', async () => {
    const { producer, cluster, clock, log, instead } = await start();
    instead.push(undefined, undefined); // the connection for metadata renews its login at the same time
    const hold = cluster.hold('SaslHandshake', { times: 2 });
    await clock.advance(8500);
    await hold.held();
    const sent = producer.send(order('a'));
    await clock.advance(0); // it waits for the renewal now
    hold.release();
    await clock.advance(1000);
    await sent;
    expect(instead).toEqual([]);
    expect(log()).toEqual(['first', 'a']);
  });

  it('A1: is given up at once when the broker refuses us', async () => {
    const { producer, cluster, clock } = await start();
    cluster.broker(1).dropConnections();
    cluster.fail('SaslAuthenticate', ['SASL_AUTHENTICATION_FAILED', 'SASL_AUTHENTICATION_FAILED']);
    const failure = failureOf(producer.send(order('a')));
    await clock.advance(500);
    expect(await failure).toMatchObject({ name: 'AuthenticationError', persistence: 'not persisted', retriable: false });
  });
});
