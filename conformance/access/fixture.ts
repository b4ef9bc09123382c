import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { apis, type CreateAclsRequest } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { loginByToken } from '../login.ts';
import { tcpTransport } from '../../packages/testing/src/target/tcp-transport.ts';
import { until } from '../until.ts';
import { Wire } from '../wire.ts';

/** Kafka's numbers, written down once more. */
export const resource = { any: 1, topic: 2, group: 3, cluster: 4, transactionalId: 5, token: 6, user: 7 } as const;
export const pattern = { any: 1, match: 2, literal: 3, prefixed: 4 } as const;
export const permission = { any: 1, deny: 2, allow: 3 } as const;
export const operation = {
  ...{ any: 1, all: 2, read: 3, write: 4, create: 5, delete: 6, alter: 7, describe: 8, clusterAction: 9, describeConfigs: 10 },
  ...{ alterConfigs: 11, idempotentWrite: 12, createTokens: 13, describeTokens: 14, twoPhaseCommit: 15 },
} as const;

export type Operation = keyof typeof operation;

export interface AclSpec {
  readonly type?: keyof typeof resource;
  readonly name: string;
  readonly pattern?: keyof typeof pattern;
  readonly principal: string;
  readonly host?: string;
  readonly operation?: Operation;
  readonly permission?: keyof typeof permission;
}

type AclCreation = Required<CreateAclsRequest['creations'][number]>;

/** An entry as CreateAcls takes it. Default: it allows all of a topic from everywhere. */
export function acl(spec: AclSpec): AclCreation {
  return {
    resourceType: resource[spec.type ?? 'topic'],
    resourceName: spec.name,
    resourcePatternType: pattern[spec.pattern ?? 'literal'],
    principal: spec.principal,
    host: spec.host ?? '*',
    operation: operation[spec.operation ?? 'all'],
    permissionType: permission[spec.permission ?? 'allow'],
  };
}

/** A filter that finds exactly this entry. */
export function filterFor(spec: AclSpec) {
  const { resourceType, resourceName, resourcePatternType, principal, host, operation: op, permissionType } = acl(spec);
  return {
    resourceTypeFilter: resourceType,
    resourceNameFilter: resourceName,
    patternTypeFilter: resourcePatternType,
    principalFilter: principal,
    hostFilter: host,
    operation: op,
    permissionType,
  };
}

/** All entries of a resource type whose principal is this one. */
export function filterOf(principal: string) {
  const any = { resourceTypeFilter: resource.any, resourceNameFilter: null, patternTypeFilter: pattern.any };
  return { ...any, principalFilter: principal, hostFilter: null, operation: operation.any, permissionType: permission.any };
}

/** Creates entries, and resolves once every node knows them. */
export async function grant(...specs: readonly AclSpec[]): Promise<void> {
  const wire = await broker.wire();
  const { results } = await wire.send(apis.createAcls, 3, { creations: specs.map(acl) });
  const wrong = results.find(({ errorCode }) => errorCode !== 0);
  if (wrong !== undefined) throw new Error(`creating an ACL: error ${wrong.errorCode} ${wrong.errorMessage}`);
  wire.close();
  for (const spec of specs) await everyNode(`knows an ACL of ${spec.name}`, spec, (found) => found > 0);
}

/** Lets everybody go on with the cluster while an entry for one user is there: the first entry of a resource closes it to all others. */
export const everybodyOnCluster: readonly AclSpec[] = [{ type: 'cluster', name: 'kafka-cluster', principal: 'User:*' }];

/** Removes entries, and resolves once every node has forgotten them. */
export async function revoke(...specs: readonly AclSpec[]): Promise<void> {
  const wire = await broker.wire();
  await wire.send(apis.deleteAcls, 3, { filters: specs.map(filterFor) });
  wire.close();
  for (const spec of specs) await everyNode(`has forgotten an ACL of ${spec.name}`, spec, (found) => found === 0);
}

async function everyNode(what: string, spec: AclSpec, isDone: (found: number) => boolean): Promise<void> {
  for (let node = 1; node <= broker.nodes; node++) {
    const wire = await broker.wire(node);
    await until(`node ${node} ${what}`, async () => {
      const { resources } = await wire.send(apis.describeAcls, 3, filterFor(spec));
      return isDone(resources.length);
    });
    wire.close();
  }
}

const wires: Wire[] = [];

/** A raw connection of this user, who logs in with a token that nobody has signed. It is closed by `closeLogins`. */
export async function loginAs(user: string, node = 1): Promise<Wire> {
  const wire = await saslWire(node);
  await loginByToken(wire, user);
  return wire;
}

/** A raw connection that has yet to log in. */
async function saslWire(node = 1): Promise<Wire> {
  const wire = await Wire.connect(tcpTransport, (await broker.withSasl())[node - 1]!);
  wires.push(wire);
  return wire;
}

export function closeLogins(): void {
  for (const wire of wires.splice(0)) wire.close();
  broker.closeWires();
}

export interface ScramLogin {
  readonly mechanism?: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  /** Whether user and password are the id and HMAC of a delegation token. */
  readonly byToken?: boolean;
  readonly node?: number;
}

/** Logs in by SCRAM (RFC 5802), and gives the broker's last answer with the connection. */
export async function scramLogin(user: string, password: string, { mechanism = 'SCRAM-SHA-256', byToken = false, node }: ScramLogin = {}) {
  const wire = await saslWire(node);
  await wire.send(apis.saslHandshake, 1, { mechanism });
  const say = (text: string) => wire.send(apis.saslAuthenticate, 2, { authBytes: Buffer.from(text) });
  const clientFirst = `n=${user},r=nonce${byToken ? ',tokenauth=true' : ''}`;
  const first = await say(`n,,${clientFirst}`);
  if (first.errorCode !== 0) return { wire, ...first };
  const serverFirst = first.authBytes.toString();
  const [, nonce, salt, iterations] = /^r=([^,]*),s=([^,]*),i=(\d+)$/.exec(serverFirst)!;
  const [hash, length] = mechanism === 'SCRAM-SHA-256' ? (['sha256', 32] as const) : (['sha512', 64] as const);
  const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(iterations), length, hash);
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  const storedKey = createHash(hash).update(clientKey).digest();
  const withoutProof = `c=biws,r=${nonce}`;
  const signature = createHmac(hash, storedKey).update(`${clientFirst},${serverFirst},${withoutProof}`).digest();
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64');
  return { wire, ...(await say(`${withoutProof},p=${proof}`)) };
}

/** What AlterUserScramCredentials takes for a password. */
export function saltedPassword(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512', password: string, iterations = 4096) {
  const salt = Buffer.from('a-salt-for-tests');
  const [hash, length, number] = mechanism === 'SCRAM-SHA-256' ? (['sha256', 32, 1] as const) : (['sha512', 64, 2] as const);
  return { mechanism: number, iterations, salt, saltedPassword: pbkdf2Sync(password, salt, Math.max(iterations, 1), length, hash) };
}
