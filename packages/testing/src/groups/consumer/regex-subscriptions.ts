import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../../cluster-state.ts';
import { GroupError } from '../group-error.ts';
import type { ConsumerMember } from './consumer-member.ts';
import { regexSubscribers, type ResolvedRegex, type ResolvedRegexes, sameNames } from './subscriptions.ts';
import { TopicRegex, topicRegexFault } from './topic-regex.ts';

/** A group's regular expressions are looked at together, and not more often. */
const shortestRefreshMs = 10_000;

export interface RegexChange {
  readonly changed: boolean;
  /** Whether what the member gets is known at once. */
  readonly resolved: boolean;
  /** The regular expressions to look at once the request is answered. */
  readonly toResolve: readonly string[];
}

/** The regular expressions that members of a group are subscribed to, and the topics that each matches. */
export class RegexSubscriptions {
  readonly #state: ClusterState;
  readonly #resolved = new Map<string, ResolvedRegex>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  get resolved(): ResolvedRegexes {
    return this.#resolved;
  }

  /** What it means that a member says `after` where it said `before`. `members` are those before. Throws for what is no regular expression. */
  change(before: ConsumerMember, after: ConsumerMember, members: readonly ConsumerMember[]): RegexChange {
    const [old, regex] = [before.subscribedTopicRegex, after.subscribedTopicRegex];
    const changed = old !== regex;
    const known = regexSubscribers(members);
    const isNew = changed && regex !== '' && !known.has(regex);
    const fault = isNew ? topicRegexFault(regex) : undefined;
    if (fault !== undefined) {
      const message = `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${fault}.`;
      throw new GroupError(errorCodes.INVALID_REGULAR_EXPRESSION, message);
    }
    const isOther = (member: ConsumerMember): boolean =>
      member.memberId !== after.memberId && (after.instanceId === null || member.instanceId !== after.instanceId);
    const others = members.filter(isOther);
    const subscribed = [...regexSubscribers([...others, after]).keys()];
    return {
      changed,
      resolved: changed && (regex === '' ? old !== '' : !isNew && this.#resolved.has(regex)),
      toResolve: (isNew || known.size > 0) && this.#isDue(isNew, subscribed.length) ? subscribed : [],
    };
  }

  /** Looks at the cluster's topics, and tells whether any expression matches others than before. */
  resolve(regexes: readonly string[]): boolean {
    let changed = false;
    for (const source of regexes) {
      const regex = new TopicRegex(source);
      const topics = new Set([...this.#state.topics.keys()].filter((topic) => regex.matches(topic)));
      const old = this.#resolved.get(source)?.topics ?? new Set();
      if (!sameNames(old, topics)) changed = true;
      this.#resolved.set(source, { topics, version: this.#state.topicsCreated, resolvedAt: this.#state.clock.now() });
    }
    return changed;
  }

  forgetUnused(members: readonly ConsumerMember[]): void {
    const subscribed = regexSubscribers(members);
    for (const regex of [...this.#resolved.keys()]) if (!subscribed.has(regex)) this.#resolved.delete(regex);
  }

  #isDue(isNew: boolean, subscribed: number): boolean {
    const [last] = this.#resolved.values();
    const now = this.#state.clock.now();
    const lastAt = last?.resolvedAt ?? -Infinity;
    if (now <= lastAt + shortestRefreshMs) return false;
    return (
      isNew ||
      subscribed !== this.#resolved.size ||
      (last?.version ?? 0) < this.#state.topicsCreated ||
      now > lastAt + this.#state.configs.number('group.consumer.regex.refresh.interval.ms')
    );
  }
}
