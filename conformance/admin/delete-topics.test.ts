import { afterAll, describe, expect, it } from 'vitest';
import { apis, zeroUuid } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

interface Named {
  readonly name: string | null;
  readonly topicId: string;
}

describe.each(versionsOf(apis.deleteTopics))('DeleteTopics version %i', (version) => {
  const remove = async (...topics: readonly Named[]) => {
    const named = version >= 6 ? { topics } : { topicNames: topics.map(({ name }) => name!) };
    return (await wire.send(apis.deleteTopics, version, { ...named, timeoutMs: 10_000 })).responses;
  };
  const byName = (name: string): Named => ({ name, topicId: zeroUuid });
  const isGone = ({ name }: TestTopic) =>
    until(`${name} is gone`, async () => {
      const { topics } = await wire.send(apis.metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false });
      return topics[0]!.errorCode === code.unknownTopicOrPartition;
    });

  it('deletes topics by name, and answers for each', async () => {
    const topic = await broker.createTopic();
    const missing = broker.freshName('missing');
    const answers = await remove(byName(topic.name), byName(missing));
    expect(answers).toHaveLength(2);
    const of = (name: string) => answers.find((answer) => answer.name === name);
    expect(of(topic.name)).toMatchObject({ errorCode: code.none, ...(version >= 6 && { topicId: topic.id }) });
    expect(of(missing)).toMatchObject({ errorCode: code.unknownTopicOrPartition });
    if (version >= 5) expect(of(missing)).toMatchObject({ errorMessage: 'This server does not host this topic-partition.' });
    await isGone(topic);
  });

  it('refuses a name that is in the request twice', async () => {
    const { name } = await broker.createTopic();
    const answers = await remove(byName(name), byName(name));
    expect(answers).toMatchObject([{ name, errorCode: code.invalidRequest }]);
    if (version >= 5) expect(answers).toMatchObject([{ errorMessage: 'Duplicate topic name.' }]);
  });

  if (version < 6) return;

  it('deletes a topic by its id', async () => {
    const topic = await broker.createTopic();
    expect(await remove({ name: null, topicId: topic.id })).toMatchObject([{ name: topic.name, topicId: topic.id, errorCode: code.none }]);
    await isGone(topic);
    expect(await remove({ name: null, topicId: topic.id })).toMatchObject([
      { name: null, topicId: topic.id, errorCode: code.unknownTopicId, errorMessage: 'This server does not host this topic ID.' },
    ]);
  });

  it('refuses both names of a topic at once, or none', async () => {
    const { name, id } = await broker.createTopic();
    const errorCode = code.invalidRequest;
    expect(await remove({ name, topicId: id })).toMatchObject([
      { errorCode, errorMessage: 'You may not specify both topic name and topic id.' },
    ]);
    expect(await remove({ name: null, topicId: zeroUuid })).toMatchObject([
      { errorCode, errorMessage: 'Neither topic name nor id were specified.' },
    ]);
  });
});

it('a topic that is made again is another one', async () => {
  const old = await broker.createTopic();
  await wire.send(apis.deleteTopics, 6, { topics: [{ name: old.name, topicId: zeroUuid }], timeoutMs: 10_000 });
  const topic = { name: old.name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] };
  const create = async () => (await wire.send(apis.createTopics, 7, { topics: [topic], timeoutMs: 10_000 })).topics[0]!;
  let created = await create();
  await until('the name is free', async () => created.errorCode !== code.topicAlreadyExists || (created = await create()).errorCode === 0);
  await broker.everyNodeKnows(old.name, 2);
  expect(created.topicId).not.toBe(old.id);
  const { topics } = await wire.send(apis.metadata, 12, { topics: [{ topicId: old.id, name: null }], allowAutoTopicCreation: false });
  expect(topics).toMatchObject([{ errorCode: code.unknownTopicId, topicId: old.id }]);
});
