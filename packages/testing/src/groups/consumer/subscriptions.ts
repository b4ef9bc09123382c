import type { ConsumerMember } from './consumer-member.ts';

/** The topics that a regular expression matched when it was last looked at. */
export interface ResolvedRegex {
  readonly topics: ReadonlySet<string>;
  /** How many topics the cluster had ever created by then. */
  readonly version: number;
  readonly resolvedAt: number;
}

export type ResolvedRegexes = ReadonlyMap<string, ResolvedRegex>;

type Subscriber = Pick<ConsumerMember, 'subscribedTopicNames' | 'subscribedTopicRegex'>;

/** The names that a member is subscribed to; a regular expression that was not looked at yet matches nothing. */
export function subscribedNames({ subscribedTopicNames, subscribedTopicRegex }: Subscriber, regexes: ResolvedRegexes): ReadonlySet<string> {
  const matched = regexes.get(subscribedTopicRegex)?.topics;
  return matched === undefined ? subscribedTopicNames : new Set([...subscribedTopicNames, ...matched]);
}

/** How many members are subscribed to each regular expression. */
export function regexSubscribers(members: Iterable<Subscriber>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subscribedTopicRegex: regex } of members) if (regex !== '') counts.set(regex, (counts.get(regex) ?? 0) + 1);
  return counts;
}

/** Every topic that anybody is subscribed to. Regular expressions that nobody is subscribed to do not count. */
export function topicsOf(members: readonly Subscriber[], regexes: ResolvedRegexes): Set<string> {
  return new Set(members.flatMap((member) => [...subscribedNames(member, regexes)]));
}

/** Whether all members are subscribed to the same topics, as Kafka counts it. */
export function isHomogeneous(members: readonly Subscriber[], regexes: ResolvedRegexes): boolean {
  const [firstRegex] = regexSubscribers(members);
  if (firstRegex === undefined) {
    return [...topicsOf(members, regexes)].every((topic) => members.every((member) => member.subscribedTopicNames.has(topic)));
  }
  // One regular expression for all, and no names besides.
  return firstRegex[1] === members.length && members.every((member) => member.subscribedTopicNames.size === 0);
}

export function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name));
}
