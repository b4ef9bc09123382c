import type { MockGroup } from '@tskafka/testing';

/** A partition that a member was told is its own, for as long as it was not told otherwise. */
interface Holding {
  readonly order: number;
  readonly holder: string;
  /** Where it has to begin, at the earliest. */
  readonly from: number;
  /** Behind the last message that it was given; undefined before the first. */
  next: number | undefined;
}

interface PartitionPages {
  /** Who has had it, and was given something of it; the newest last. */
  newest: Holding | undefined;
  readonly handled: Set<number>;
  committed: number;
}

interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * What the members of a group were given, and what must not be: two that are given the same partition at the same time, messages that are left
 * out, come twice in a row or after their partition went, and a commit that goes back or is ahead of what was handled.
 */
export class GroupLedger {
  readonly #group: MockGroup;
  readonly #onViolation: (text: string) => void;
  readonly #held = new Map<string, Map<string, Holding>>();
  readonly #pages = new Map<string, PartitionPages>();
  /** Who was taken out of the group, and cannot know it yet. */
  readonly #expelled = new Set<string>();
  #orders = 0;

  constructor(group: MockGroup, onViolation: (text: string) => void) {
    this.#group = group;
    this.#onViolation = onViolation;
  }

  /** An administrator has taken it out: others have its partitions before it can hear of it. */
  expelled(member: string): void {
    this.#expelled.add(member);
  }

  /** It is dead, and what it had is nobody's. */
  died(member: string): void {
    this.#held.delete(member);
  }

  assigned(member: string, partitions: readonly TopicPartition[]): void {
    this.#expelled.delete(member);
    const held = this.#heldBy(member);
    for (const { topic, partition } of partitions) {
      const place = nameOf({ topic, partition });
      if (held.has(place)) this.#onViolation(`${member} is given ${place}, which it has`);
      held.set(place, { order: ++this.#orders, holder: member, from: this.#committed(topic, partition), next: undefined });
    }
  }

  gone(member: string, partitions: readonly TopicPartition[], how: 'revoked' | 'lost'): void {
    if (how === 'lost') this.#expelled.delete(member);
    const held = this.#heldBy(member);
    for (const place of partitions.map(nameOf))
      if (!held.delete(place)) this.#onViolation(`${member} has ${how} ${place}, which it had not`);
  }

  /** Whether the member has had this partition all the time since then. */
  hold(member: string, place: TopicPartition): object | undefined {
    return this.#heldBy(member).get(nameOf(place));
  }

  isExpelled(member: string): boolean {
    return this.#expelled.has(member);
  }

  delivered(member: string, { topic, partition, offset }: TopicPartition & { readonly offset: number }): void {
    const place = nameOf({ topic, partition });
    const pages = this.#pagesOf(place);
    const holding = this.#heldBy(member).get(place);
    if (holding === undefined) return this.#onViolation(`${member} is given ${place}@${offset}, and does not have the partition`);
    if (pages.newest !== undefined && pages.newest.order > holding.order && !this.#expelled.has(member)) {
      this.#onViolation(`${member} is given ${place}@${offset}, which is ${pages.newest.holder}'s by now`);
    }
    const isNext =
      holding.next === undefined
        ? this.#expelled.has(member) || (offset >= holding.from && offset <= this.#committed(topic, partition))
        : offset === holding.next;
    if (!isNext) this.#onViolation(`${member} is given ${place}@${offset} where ${holding.next ?? holding.from} is next`);
    holding.next = offset + 1;
    if (pages.newest === undefined || holding.order > pages.newest.order) pages.newest = holding;
  }

  handled({ topic, partition, offset }: TopicPartition & { readonly offset: number }): void {
    this.#pagesOf(nameOf({ topic, partition })).handled.add(offset);
  }

  /** Up to here everything was handled. */
  handledUpTo(place: TopicPartition): number {
    const { handled } = this.#pagesOf(nameOf(place));
    let next = 0;
    while (handled.has(next)) next++;
    return next;
  }

  /** Looks at what is committed now. */
  look(): void {
    for (const { topic, partition, offset } of this.#group.commits()) {
      const pages = this.#pagesOf(nameOf({ topic, partition }));
      if (offset === pages.committed) continue;
      const place = nameOf({ topic, partition });
      if (offset < pages.committed) this.#onViolation(`${place}: the commit went back from ${pages.committed} to ${offset}`);
      const done = this.handledUpTo({ topic, partition });
      if (offset > done) this.#onViolation(`${place}: ${offset} is committed, and ${done} was not handled`);
      pages.committed = offset;
    }
  }

  #committed(topic: string, partition: number): number {
    return this.#group.committed(topic, partition) ?? 0;
  }

  #heldBy(member: string): Map<string, Holding> {
    let held = this.#held.get(member);
    if (held === undefined) this.#held.set(member, (held = new Map()));
    return held;
  }

  #pagesOf(place: string): PartitionPages {
    let pages = this.#pages.get(place);
    if (pages === undefined) this.#pages.set(place, (pages = { newest: undefined, handled: new Set(), committed: 0 }));
    return pages;
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
