import { apis, type CreateAclsRequest } from '@tskafka/core/protocol';
import { acl, type AclSpec, filterFor, filterOf, operation, pattern, permission, resource } from '../../access/fixture.ts';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { createAcls, describeAcls, deleteAcls } = apis;

const creation = (...specs: readonly AclSpec[]) => ({ creations: specs.map(acl) });
const deletion = (...specs: readonly AclSpec[]) => ({ filters: specs.map(filterFor) });

type Creation = CreateAclsRequest['creations'][number];

/** An entry with something in it that no entry may have. */
const wrong = (talk: Talk, fields: Partial<Creation>) => ({
  creations: [{ ...acl({ name: talk.name('topic'), principal: 'User:alice' }), ...fields }],
});

/** What one node has heard of, that node tells. */
async function known(talk: Talk, principal: string, count: number): Promise<void> {
  await talk.until(`there are ${count} entries of ${principal}`, async () => {
    const { resources } = await talk.peek(describeAcls, filterOf(principal));
    return resources.flatMap(({ acls }) => acls).length === count;
  });
}

/** Entries of several kinds, and their principal. */
async function entries(talk: Talk): Promise<{ readonly principal: string; readonly specs: readonly AclSpec[] }> {
  const principal = `User:${talk.name('user')}`;
  const name = talk.name('resource');
  const specs: AclSpec[] = [
    { name, principal },
    { name, principal, host: '10.0.0.1', operation: 'read', permission: 'deny' },
    { name: `${name}-`, pattern: 'prefixed', principal, operation: 'write' },
    { type: 'group', name, principal, operation: 'read' },
    { type: 'transactionalId', name, principal, operation: 'twoPhaseCommit' },
    { type: 'user', name: `User:${name}`, principal, operation: 'describeTokens' },
    { type: 'token', name, principal, operation: 'describe' },
  ];
  return { principal, specs };
}

export const aclScenarios: Scenario[] = [
  ...requests(describeAcls, [['where nobody keeps any', () => filterOf('User:alice')]]),
  ...requests(createAcls, [['where nobody keeps any', () => creation({ name: 'a', principal: 'User:alice' })]]),
  ...requests(deleteAcls, [['where nobody keeps any', () => deletion({ name: 'a', principal: 'User:alice' })]]),
  {
    api: createAcls,
    nodes: 3,
    title: 'entries are created, also once more',
    run: async (talk) => {
      const { principal, specs } = await entries(talk);
      await talk.ask(createAcls, creation(...specs));
      await known(talk, principal, specs.length);
      await talk.ask(createAcls, creation(specs[0]!, specs[0]!));
      await talk.ask(describeAcls, filterOf(principal));
      await talk.peek(deleteAcls, { filters: [filterOf(principal)] });
    },
  },
  ...requests(
    createAcls,
    [
      ['a resource of any kind', (talk) => wrong(talk, { resourceType: resource.any })],
      ['a resource of no kind', (talk) => wrong(talk, { resourceType: 99 })],
      ['a pattern of any kind', (talk) => wrong(talk, { resourcePatternType: pattern.any })],
      ['a pattern that matches', (talk) => wrong(talk, { resourcePatternType: pattern.match })],
      ['any operation', (talk) => wrong(talk, { operation: operation.any })],
      ['no operation', (talk) => wrong(talk, { operation: 99 })],
      ['any permission', (talk) => wrong(talk, { permissionType: permission.any })],
      ['a principal without a type', (talk) => wrong(talk, { principal: 'alice' })],
      ['no principal', (talk) => wrong(talk, { principal: '' })],
      ['a resource without a name', (talk) => wrong(talk, { resourceName: '' })],
      ['another cluster', (talk) => wrong(talk, { resourceType: resource.cluster, resourceName: 'another' })],
      ['an operation that topics do not have', (talk) => wrong(talk, { operation: operation.createTokens })],
      ['no entries', () => creation()],
    ],
    { nodes: 3 },
  ),
  {
    api: describeAcls,
    nodes: 3,
    title: 'filters',
    run: async (talk) => {
      const { principal, specs } = await entries(talk);
      await talk.peek(createAcls, creation(...specs));
      await known(talk, principal, specs.length);
      const name = specs[0]!.name;
      const all = filterOf(principal);
      await talk.ask(describeAcls, all);
      await talk.ask(describeAcls, { ...all, resourceTypeFilter: resource.topic });
      await talk.ask(describeAcls, { ...all, resourceNameFilter: name, patternTypeFilter: pattern.literal });
      await talk.ask(describeAcls, { ...all, resourceNameFilter: `${name}-x`, patternTypeFilter: pattern.match });
      await talk.ask(describeAcls, { ...all, patternTypeFilter: pattern.prefixed });
      await talk.ask(describeAcls, { ...all, hostFilter: '10.0.0.1' });
      await talk.ask(describeAcls, { ...all, operation: operation.read });
      await talk.ask(describeAcls, { ...all, permissionType: permission.deny });
      await talk.ask(describeAcls, { ...all, principalFilter: 'User:nobody' });
      await talk.peek(deleteAcls, { filters: [all] });
    },
  },
  ...requests(
    describeAcls,
    [
      ['a resource of no kind', () => ({ ...filterOf('User:alice'), resourceTypeFilter: 99 })],
      ['a pattern of no kind', () => ({ ...filterOf('User:alice'), patternTypeFilter: 99 })],
      ['an operation of no kind', () => ({ ...filterOf('User:alice'), operation: 99 })],
      ['a permission of no kind', () => ({ ...filterOf('User:alice'), permissionType: 99 })],
    ],
    { nodes: 3 },
  ),
  {
    api: deleteAcls,
    nodes: 3,
    title: 'entries are deleted, one and all',
    run: async (talk) => {
      const { principal, specs } = await entries(talk);
      await talk.peek(createAcls, creation(...specs));
      await known(talk, principal, specs.length);
      await talk.ask(deleteAcls, deletion(specs[0]!));
      await known(talk, principal, specs.length - 1);
      await talk.ask(deleteAcls, deletion(specs[0]!));
      await talk.ask(deleteAcls, { filters: [filterOf(principal), filterFor(specs[1]!)] });
      await known(talk, principal, 0);
    },
  },
  ...requests(
    deleteAcls,
    [
      ['a filter of no kind', () => ({ filters: [{ ...filterOf('User:nobody'), resourceTypeFilter: 99 }] })],
      ['no filters', () => ({ filters: [] })],
    ],
    { nodes: 3 },
  ),
];
