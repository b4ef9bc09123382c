import { expect, it } from 'vitest';
import { fromPykafka } from './pykafka-names.ts';

it.each([
  ['print_topics', 'topics'],
  ['-b kafka:9092 desc_topic orders', '-b kafka:9092 topic describe orders'],
  ['create_topic orders', 'topic create orders'],
  ['delete_topic orders', 'topic delete orders'],
  ['print_managed_consumer_groups orders', 'groups'],
  ['print_consumer_lag orders billing', 'lag billing -t orders'],
  ['print_offsets orders earliest', 'offsets orders earliest'],
  ['reset_offsets orders billing latest', 'offsets reset billing --to latest -t orders'],
  ['consume_topic orders', 'consume orders -c 10'],
  ['consume_topic orders -l 3', 'consume orders -c 3'],
  ['consume_topic -l 3 orders -b kafka:9092', 'consume orders -c 3 -b kafka:9092'],
])('%s is %s', (typed, expected) => {
  expect(fromPykafka(typed.split(' '))).toEqual(expected.split(' '));
});

it.each(['topics', 'consume print_topics', ''])('%s stays', (typed) => {
  expect(fromPykafka(typed.split(' '))).toBeUndefined();
});
