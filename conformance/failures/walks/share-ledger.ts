import type { Acknowledged, AcknowledgeType } from '@tskafka/consumer';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** A message in the hand of a member. */
export interface SharedMessage extends Place {
  readonly offset: number;
  readonly deliveryCount: number;
}

/**
 * What the members of a share group were given and have acknowledged, and what must not be: a message that comes again after it was accepted, one
 * that was taken from two, and an acknowledgement of which its member is not told what became of it, or is told twice.
 */
export class ShareLedger {
  readonly #onViolation: (text: string) => void;
  /** Who was given it last. */
  readonly #given = new Map<string, string>();
  /** What was accepted or rejected for good, and by whom. */
  readonly #done = new Map<string, string>();
  /** What each member has said, and was not told the end of. */
  readonly #said = new Map<string, Map<string, AcknowledgeType>>();

  constructor(onViolation: (text: string) => void) {
    this.#onViolation = onViolation;
  }

  /** How many messages were given to anybody. */
  get given(): number {
    return this.#given.size;
  }

  delivered(member: string, message: SharedMessage): void {
    const name = nameOf(message, message.offset);
    const by = this.#done.get(name);
    if (by !== undefined) this.#onViolation(`${member} is given ${name}, which ${by} is done with`);
    this.#given.set(name, member);
  }

  said(member: string, message: SharedMessage, type: AcknowledgeType): void {
    this.#saidBy(member).set(nameOf(message, message.offset), type);
  }

  /** It has heard what became of what was said: by its program where that is explicit, or by its consumer. */
  told(member: string, { topic, partition, offsets, error }: Acknowledged, { isExplicit }: { readonly isExplicit: boolean }): void {
    const said = this.#saidBy(member);
    for (const offset of offsets) {
      const name = nameOf({ topic, partition }, offset);
      const type = said.get(name);
      said.delete(name);
      // What the program was not given its consumer has released for it.
      if (this.#given.get(name) !== member) continue;
      if (isExplicit && type === undefined) this.#onViolation(`${member} is told of ${name}, of which it has said nothing`);
      if (error === undefined && type !== 'release') this.#done.set(name, member);
    }
  }

  /** It was closed, and knows all. */
  left(member: string): void {
    for (const [name, type] of this.#saidBy(member)) this.#onViolation(`${member} was not told what became of its ${type} of ${name}`);
  }

  #saidBy(member: string): Map<string, AcknowledgeType> {
    let said = this.#said.get(member);
    if (said === undefined) this.#said.set(member, (said = new Map()));
    return said;
  }
}

function nameOf({ topic, partition }: Place, offset: number): string {
  return `${topic}-${partition}@${offset}`;
}
