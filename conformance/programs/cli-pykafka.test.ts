import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { rowsOf, topicWith, tskafka } from './tskafka.ts';

/** PyKafka's kafka-tools, with its names and its order of arguments. */
describe("tskafka takes PyKafka's commands", () => {
  it.each([
    ['print_topics', 'topics', (topic: string) => topic],
    ['desc_topic TOPIC', 'topic describe TOPIC', (topic: string) => topic],
    ['print_offsets TOPIC latest', 'offsets TOPIC latest', () => '3'],
    ['print_consumer_lag TOPIC GROUP', 'lag GROUP -t TOPIC', () => '2'],
    ['print_managed_consumer_groups TOPIC', 'groups', (_: string, group: string) => group],
    ['consume_topic TOPIC -l 2', 'consume TOPIC -c 2', () => 'a\nb\n'],
    ['reset_offsets TOPIC GROUP earliest', 'offsets reset GROUP --to earliest -t TOPIC', () => 'planned'],
    ['create_topic NEW', 'topic create NEW', () => 'planned'],
    ['delete_topic TOPIC', 'topic delete TOPIC', () => 'planned'],
  ])('%s is %s', async (theirs, ours, shown) => {
    const topic = await topicWith('a\nb\nc\n');
    const [group, made] = [broker.freshName('group'), broker.freshName('made')];
    await tskafka(`consume ${topic} -G ${group} -c 1 --commit`);
    const filled = (text: string): string => text.replace('TOPIC', topic).replace('GROUP', group).replace('NEW', made);
    const { stdout, stderr, code } = await tskafka(filled(theirs));
    expect(stderr.split('\n')[0]).toBe(`this is now: tskafka ${filled(ours)}`);
    expect({ code, isShown: stdout.includes(shown(topic, group)) }).toEqual({ code: 0, isShown: true });
    // None of them changes anything without --execute.
    expect(await rowsOf(`lag ${group}`)).toEqual([expect.objectContaining({ topic, committed: 1 })]);
  });
});
