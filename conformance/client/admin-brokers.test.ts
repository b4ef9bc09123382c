import { type KafkaClient, unregisterBroker } from '@tskafka/core';
import { expect, it } from 'vitest';
import { useClient } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

it('unregisterBroker says that there is no such broker', async () => {
  await expect(unregisterBroker(client, 99)).rejects.toMatchObject({
    errorName: 'BROKER_ID_NOT_REGISTERED',
    message: expect.stringMatching(/^unregistering broker 99: BROKER_ID_NOT_REGISTERED \(102\), Broker ID 99 is not/),
  });
  await expect(unregisterBroker(client, -1)).rejects.toThrow(TypeError);
});
