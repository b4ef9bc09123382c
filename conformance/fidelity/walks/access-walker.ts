import { apis } from '@tskafka/core/protocol';
import { type acl, filterOf } from '../../access/fixture.ts';
import type { TestTopic } from '../../broker.ts';
import type { Side } from '../side.ts';
import type { Talk } from '../talk.ts';
import { Walker } from './walker.ts';

type Entry = ReturnType<typeof acl>;

const everyNode = [1, 2, 3];

/** Who gives users rights and takes them, and looks as a user at what that has come to. */
export class AccessWalker extends Walker {
  /** Two users that nobody else knows. */
  readonly users: readonly string[];
  readonly topics: readonly TestTopic[];
  readonly groups: readonly string[];
  readonly transactionalIds: readonly string[];
  /** The nodes that know of a group, of all that there are here. */
  readonly coordinators: ReadonlyMap<string, number>;
  readonly #entries = new Set<string>();

  static async start(talk: Talk, ranges: Side['ranges']): Promise<AccessWalker> {
    const users = [talk.name('user'), talk.name('user')];
    const topics = [];
    for (let i = 0; i < 3; i++) topics.push(await talk.topic({ assignments: [[1]], prefix: i === 0 ? 'log' : 'topic' }));
    const groups = [talk.name('group'), talk.name('log')];
    const transactionalIds = [talk.name('id'), talk.name('log')];
    const coordinators = new Map<string, number>();
    for (const group of groups) coordinators.set(group, await talk.coordinator(group));
    for (const id of transactionalIds) coordinators.set(id, await talk.coordinator(id, 1));
    return new AccessWalker(talk, ranges, { users, topics, groups, transactionalIds, coordinators });
  }

  private constructor(
    talk: Talk,
    ranges: Side['ranges'],
    has: Pick<AccessWalker, 'users' | 'topics' | 'groups' | 'transactionalIds' | 'coordinators'>,
  ) {
    super(talk, ranges);
    this.users = has.users;
    this.topics = has.topics;
    this.groups = has.groups;
    this.transactionalIds = has.transactionalIds;
    this.coordinators = has.coordinators;
  }

  get principals(): readonly string[] {
    return this.users.map((user) => `User:${user}`);
  }

  /** A name that something here has, the beginning of several, or that of all that there are. */
  name(): string {
    const { token } = this.talk;
    const whole = [...this.topics.map(({ name }) => name), ...this.groups, ...this.transactionalIds];
    return this.chance(0.6) ? this.pick(whole) : this.pick(['*', token, `${token}-log`, `${token}-topic`, `${token}-nobodys`]);
  }

  remember(entry: Entry): void {
    this.#entries.add(keyOf(entry));
  }

  forget(entry: Entry): void {
    this.#entries.delete(keyOf(entry));
  }

  /** Resolves once every node has heard of the entries that there are. */
  async settled(): Promise<void> {
    await Promise.all(everyNode.map((node) => this.#settledAt(node)));
  }

  async #settledAt(node: number): Promise<void> {
    await this.talk.until(`node ${node} knows ${this.#entries.size} entries`, async () => {
      const answers = this.principals.map((principal) => this.talk.peek(apis.describeAcls, filterOf(principal), { node }));
      const resources = (await Promise.all(answers)).flatMap((answer) => answer.resources);
      return resources.flatMap(({ acls }) => acls).length === this.#entries.size;
    });
  }

  override async leave(): Promise<void> {
    await this.talk.peek(apis.deleteAcls, { filters: this.principals.map(filterOf) }, { connection: 'the end' });
  }
}

function keyOf(entry: Entry): string {
  const { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType } = entry;
  return JSON.stringify([resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType]);
}
