import { type Acl, aclKey, type Operation, type ResourceType } from './acl.ts';
import { type AclFilter, matchesFilter } from './acl-filter.ts';
import { allowsSome, authorize, type Requester } from './authorize.ts';

/** How an authorizer is set up. */
export interface AuthorizerOptions {
  /** Those who may do everything, such as `User:admin`. Default: nobody (`super.users`). */
  readonly superUsers?: readonly string[];
  /** Whether everybody may do everything with a resource that no entry is about. Default false (`allow.everyone.if.no.acl.found`). */
  readonly allowEveryoneIfNoAcl?: boolean;
}

/** The access control entries of a cluster, and what follows from them: Kafka's StandardAuthorizer. */
export class Authorizer {
  readonly #acls = new Map<string, Acl>();
  readonly #superUsers: ReadonlySet<string>;
  readonly #allowEveryone: boolean;

  constructor({ superUsers = [], allowEveryoneIfNoAcl = false }: AuthorizerOptions = {}) {
    const wrong = superUsers.find((user) => !/^[^:]+:./.test(user));
    if (wrong !== undefined) throw new TypeError(`a super user needs a type, such as 'User:admin', not '${wrong}'`);
    this.#superUsers = new Set(superUsers);
    this.#allowEveryone = allowEveryoneIfNoAcl;
  }

  /** Another one with the same rules. */
  copy(): Authorizer {
    const copy = new Authorizer({ superUsers: [...this.#superUsers], allowEveryoneIfNoAcl: this.#allowEveryone });
    for (const acl of this.acls) copy.add(acl);
    return copy;
  }

  get acls(): readonly Acl[] {
    return [...this.#acls.values()];
  }

  add(acl: Acl): void {
    this.#acls.set(aclKey(acl), acl);
  }

  find(filter: AclFilter): readonly Acl[] {
    return this.acls.filter((acl) => matchesFilter(acl, filter));
  }

  remove(acls: Iterable<Acl>): void {
    for (const acl of acls) this.#acls.delete(aclKey(acl));
  }

  allows(who: Requester, operation: Operation, type: ResourceType, name: string): boolean {
    if (this.#superUsers.has(who.principal)) return true;
    const decision = authorize(this.#acls.values(), who, operation, type, name);
    return decision === 'no entry for this resource' ? this.#allowEveryone : decision === 'allowed';
  }

  /** Whether there is any resource of this type that they may do this with. */
  allowsSome(who: Requester, operation: Operation, type: ResourceType): boolean {
    // Kafka asks about one name that nobody uses, so that super users pass, and all where no entry is needed.
    return this.allows(who, operation, type, 'hardcode') || allowsSome(this.#acls.values(), who, operation, type);
  }
}
