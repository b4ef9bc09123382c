import { KafkaError } from '../errors.ts';

/** The topic that was asked for by this id: newer versions answer without names. */
export function topicNamed(
  topics: readonly { readonly name: string; readonly topicId: string | undefined }[],
  topicId: string | undefined,
): string {
  return topics.find((topic) => topic.topicId === topicId)?.name ?? `topic id ${topicId}`;
}

/** What a broker leaves out of its answer is neither "nothing committed" nor "stored". */
export function throwIfLeftOut(unanswered: Iterable<string>, what: string): void {
  const names = [...unanswered];
  if (names.length > 0) throw new KafkaError(`${what}: the broker left out ${names.join(', ')}`, { retriable: true });
}
