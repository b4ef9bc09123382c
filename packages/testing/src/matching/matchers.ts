import type { MockGroup } from '../mock-group.ts';
import type { MockTopic } from '../mock-topic.ts';
import { type ExpectedRecord, partOf, viewOf } from './record-view.ts';

/** What vitest's and jest's `expect` give a matcher. */
interface MatcherContext {
  equals(a: unknown, b: unknown): boolean;
  readonly isNot?: boolean;
  readonly utils: { diff(a: unknown, b: unknown): string | null | undefined; stringify(value: unknown): string };
}

interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** The next offset of each partition by topic: `{ orders: { 0: 5 } }`. */
export type ExpectedCommits = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** Matchers for `expect.extend` of vitest or jest. */
export const kafkaMatchers = {
  /** At least one record of the topic has the expected fields. */
  toHaveRecord(this: MatcherContext, topic: MockTopic, expected: ExpectedRecord): MatcherResult {
    checkReceiver(topic, 'records', 'toHaveRecord', "cluster.topic('orders')");
    const records = topic.records();
    const pass = records.some((record) => matches(this, partOf(viewOf(record, expected), expected), expected));
    return {
      pass,
      message: () => {
        if (pass) return `'${topic.name}' has a record ${this.utils.stringify(expected)}, and should have none`;
        if (records.length === 0) return `'${topic.name}' is empty: no record ${this.utils.stringify(expected)}`;
        const views = records.map((record) => partOf(viewOf(record, expected), expected));
        const nearest = views.length === 1 ? views[0] : views;
        return `none of the ${records.length} records in '${topic.name}' matches:\n${this.utils.diff(views.length === 1 ? expected : [expected], nearest) ?? ''}`;
      },
    };
  },

  /** The topic's records, by partition and offset, are those expected: as many, in this order. */
  toHaveRecords(this: MatcherContext, topic: MockTopic, expected: readonly ExpectedRecord[]): MatcherResult {
    checkReceiver(topic, 'records', 'toHaveRecords', "cluster.topic('orders')");
    const views = topic.records().map((record, i) => {
      const one = expected[i];
      return one === undefined ? viewOf(record) : partOf(viewOf(record, one), one);
    });
    const pass = matches(this, views, expected);
    return {
      pass,
      message: () =>
        pass
          ? `the records of '${topic.name}' are ${this.utils.stringify(expected)}, and should not be`
          : `the records of '${topic.name}' differ:\n${this.utils.diff(expected, views) ?? ''}`,
    };
  },

  /** The group has committed these next offsets, and perhaps others. */
  toHaveCommitted(this: MatcherContext, group: MockGroup, expected: ExpectedCommits): MatcherResult {
    checkReceiver(group, 'committed', 'toHaveCommitted', "cluster.group('billing')");
    const there = Object.fromEntries(
      Object.entries(expected).map(([topic, partitions]) => [
        topic,
        Object.fromEntries(Object.keys(partitions).map((partition) => [partition, group.committed(topic, Number(partition))])),
      ]),
    );
    const pass = matches(this, there, expected);
    return {
      pass,
      message: () =>
        pass
          ? `group '${group.id}' has committed ${this.utils.stringify(expected)}, and should not have`
          : `group '${group.id}' has committed other offsets (undefined means none):\n${this.utils.diff(expected, there) ?? ''}`,
    };
  },
};

/** Whoever writes `expect(topic.records()).toHaveRecord()` would otherwise read of a function that is none. */
function checkReceiver(given: unknown, method: string, matcher: string, example: string): void {
  const found = (given as Readonly<Record<string, unknown>> | null | undefined)?.[method];
  if (typeof found !== 'function') throw new TypeError(`${matcher} works on ${example}: expect(${example}).${matcher}(…)`);
}

function matches({ equals }: MatcherContext, actual: unknown, expected: unknown): boolean {
  return equals(actual, expected);
}

/** The matchers as `expect` has them. */
export interface KafkaMatchers<R = unknown> {
  /** At least one record of the topic has the expected fields. Strings and Buffers are compared as bytes, other values as parsed JSON. */
  toHaveRecord(expected: ExpectedRecord): R;
  /** The topic's records, by partition and offset, are those expected: as many, in this order. */
  toHaveRecords(expected: readonly ExpectedRecord[]): R;
  /** The group has committed these next offsets by topic and partition: `{ orders: { 0: 5 } }`. */
  toHaveCommitted(expected: ExpectedCommits): R;
}
