import { createTopics, deleteTopics, describeMetadataQuorum, describeTopics, KafkaError } from '@tskafka/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

describe('topics made and deleted while brokers fail', () => {
  let scene: Scene;
  beforeEach(async () => {
    const begun = await Scene.start({ topics: { orders: 1 } });
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
    await scene.connect();
  });

  it('C5: when the answer was lost, TOPIC_ALREADY_EXISTS says that this call may have made it', async () => {
    scene.cluster.dropResponse('CreateTopics');
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made', partitions: 1 }]), 2000);
    expect(created.get('made')).toMatchObject({ errorName: 'TOPIC_ALREADY_EXISTS' });
    expect(created.get('made')!.message).toContain('an earlier attempt of this call was lost: it may have done this');
    expect(scene.cluster.topicNames).toContain('made');
  });

  it('C6: when the request was lost, the topic is made by the next one', async () => {
    const fault = scene.cluster.dropRequest('CreateTopics');
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made' }]), 2000);
    expect(fault.fired).toBe(1);
    expect(created.get('made')).toBeUndefined();
  });

  it('C5: when the answer to a deletion was lost, UNKNOWN_TOPIC_OR_PARTITION says that this call may have done it', async () => {
    scene.cluster.dropResponse('DeleteTopics');
    const deleted = await scene.settledWithin(deleteTopics(scene.client, ['orders', 'never-made']), 2000);
    for (const name of ['orders', 'never-made']) {
      expect(deleted.get(name)).toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
      expect(deleted.get(name)!.message).toContain('it may have done this');
    }
    expect(scene.cluster.topicNames).not.toContain('orders');
  });

  it('a topic that exists since before is plainly said to exist, also after a broker was out of reach', async () => {
    const controller = scene.cluster.requests({ api: 'Metadata' }).at(-1)!.response!.controllerId!;
    await scene.cluster.broker(controller).down();
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'orders' }]), 5000);
    expect(created.get('orders')!.message).not.toContain('lost');
  });

  it('a topic is made when every broker has heard of it: whoever is asked next knows it', async () => {
    await using slow = await Scene.start({ realism: { topicCreationMs: 200 } });
    await slow.connect();
    await slow.settledWithin(createTopics(slow.client, [{ name: 'made' }]), 1000);
    for (const _ of slow.cluster.brokerIds) {
      const described = await slow.settledWithin(describeTopics(slow.client, ['made']), 0);
      expect(described.get('made')).toMatchObject({ name: 'made' });
    }
  });

  it('a silent broker, or one that is gone, does not keep a topic from being made', async () => {
    const controller = scene.cluster.requests({ api: 'Metadata' }).at(-1)!.response!.controllerId!;
    const [gone, silent] = scene.cluster.brokerIds.filter((id) => id !== controller);
    await scene.cluster.broker(gone!).down();
    scene.cluster.broker(silent!).blackhole();
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made' }]), 3000);
    expect(created.get('made')).toBeUndefined();
  });

  it('M16: asks the metadata who the controller is now', async () => {
    const controllerId = scene.cluster.requests({ api: 'Metadata' }).at(-1)!.response!.controllerId!;
    const another = scene.cluster.brokerIds.find((id) => id !== controllerId)!;
    scene.cluster.fail('CreateTopics', Array(1000).fill('NOT_CONTROLLER'), { broker: controllerId });
    scene.cluster.intercept('Metadata', async (call) => ({ ...(await call.pass())!, controllerId: another }));
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made' }]), 3000);
    expect(created.get('made')).toBeUndefined();
  });

  it('a broker that leaves out a topic, or adds one, gives an error for the one and nothing for the other', async () => {
    scene.cluster.intercept('CreateTopics', async (call) => {
      const response = (await call.pass())!;
      return { ...response, topics: response.topics.map((topic) => ({ ...topic, name: '__proto__' })) };
    });
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made' }]), 3000);
    expect([...created.keys()]).toEqual(['made']);
    expect(created.get('made')).toBeInstanceOf(KafkaError);
    expect(created.get('made')!.message).toBe("topic 'made': the broker's answer does not mention it");
  });

  it('the whole call ends in time, also when the controller holds it back', async () => {
    scene.cluster.hold('CreateTopics');
    const created = createTopics(scene.client, [{ name: 'made' }], { timeoutMs: 3000 });
    created.catch(() => {});
    expect(
      await scene.timeOf(
        created.catch(() => {}),
        5000,
      ),
    ).toBe(3000);
    await expect(created).rejects.toMatchObject({ name: 'TimeoutError', message: 'createTopics: no answer within 3000 ms' });
  });

  it('H19: a long error message with control characters is cut short and shown safely', async () => {
    scene.cluster.intercept('CreateTopics', async (call) => {
      const response = (await call.pass())!;
      const errorMessage = `\u001b[31mred\r\n${'x'.repeat(30_000)}`;
      return { ...response, topics: response.topics.map((topic) => ({ ...topic, errorCode: 42, errorMessage })) };
    });
    const created = await scene.settledWithin(createTopics(scene.client, [{ name: 'made' }]), 3000);
    const { message } = created.get('made')!;
    expect(message.length).toBeLessThan(1200);
    expect(message).toContain('\\u{1b}[31mred\\u{d}\\u{a}xxx');
  });
});

it('where the log of a controller ends that has not fetched yet is not known', async () => {
  await using scene = await Scene.start();
  await scene.connect();
  scene.cluster.intercept('DescribeQuorum', async (call) => {
    const response = (await call.pass())!;
    const [topic] = response.topics;
    const [partition] = topic!.partitions;
    const currentVoters = partition!.currentVoters.map((voter) => ({ ...voter, logEndOffset: -1, lastFetchTimestamp: -1 }));
    return { ...response, topics: [{ ...topic!, partitions: [{ ...partition!, currentVoters }] }] };
  });
  const { voters } = await scene.settledWithin(describeMetadataQuorum(scene.client), 3000);
  expect(voters[0]).toMatchObject({ logEndOffset: undefined, lastFetchTime: undefined });
});
