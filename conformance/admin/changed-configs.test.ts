import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOfValues, produceTo } from '../requests.ts';
import { alter, type Alteration, configBecomes, describeConfigs, op, resource, source } from './configs.ts';

const wire = await broker.wire(1);
afterAll(() => broker.closeWires());

const none = { errorCode: code.none, errorMessage: null };
const alterTopic = (name: string, ...changes: Alteration[]) => alter(wire, resource.topic, name, changes);

describe('what a change does', () => {
  it('to max.message.bytes', async () => {
    const topic = await broker.createTopic();
    const leader = await broker.leaderWire(topic);
    const batch = batchOfValues('x'.repeat(1000));
    await alterTopic(topic.name, ['max.message.bytes', op.set, '500']);
    await expect.poll(async () => (await produceTo(leader, 9, topic, batch)).errorCode).toBe(code.messageTooLarge);
    await alterTopic(topic.name, ['max.message.bytes', op.delete, null]);
    await expect.poll(async () => (await produceTo(leader, 9, topic, batch)).errorCode).toBe(code.none);
  });

  it('to message.timestamp.type', async () => {
    const topic = await broker.createTopic();
    const leader = await broker.leaderWire(topic);
    await alterTopic(topic.name, ['message.timestamp.type', op.set, 'LogAppendTime']);
    await expect.poll(async () => (await produceTo(leader, 9, topic, batchOfValues('x'))).logAppendTimeMs).toBeGreaterThan(0);
  });
});

it('sets a group’s configuration before there is such a group', async () => {
  const group = broker.freshName('group');
  expect(await alter(wire, resource.group, group, [['share.auto.offset.reset', op.set, 'earliest']])).toMatchObject(none);
  await configBecomes(wire, resource.group, group, 'share.auto.offset.reset', 'earliest');
  const { configs } = await describeConfigs(wire, resource.group, group, ['share.auto.offset.reset'], { synonyms: true });
  expect(configs).toMatchObject([
    {
      configSource: source.group,
      synonyms: [
        { name: 'share.auto.offset.reset', value: 'earliest', source: source.group },
        { name: 'share.auto.offset.reset', value: 'latest', source: source.default },
      ],
    },
  ]);
  await alter(wire, resource.group, group, [['share.auto.offset.reset', op.delete, null]]);
  await configBecomes(wire, resource.group, group, 'share.auto.offset.reset', 'latest');
});

it('sets a broker’s own configuration, which its topics then have', async () => {
  const { name } = await broker.createTopic();
  const config = 'log.message.timestamp.after.max.ms';
  expect(await alter(wire, resource.broker, '1', [[config, op.set, '7000000']])).toMatchObject(none);
  await configBecomes(wire, resource.broker, '1', config, '7000000');
  const { configs } = await describeConfigs(wire, resource.topic, name, ['message.timestamp.after.max.ms'], { synonyms: true });
  expect(configs).toMatchObject([
    {
      value: '7000000',
      configSource: source.broker,
      synonyms: [
        { name: config, value: '7000000', source: source.broker },
        { name: config, value: '3600000', source: source.default },
      ],
    },
  ]);
  await alter(wire, resource.broker, '1', [[config, op.delete, null]]);
  await configBecomes(wire, resource.broker, '1', config, '3600000');
});
