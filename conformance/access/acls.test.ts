import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';
import { acl, type AclSpec, closeLogins, filterFor, filterOf, grant, operation, pattern, permission, resource } from './fixture.ts';

/** A number that Kafka has no name for. */
const unknown = 99;

const wire = await broker.wire();
const principals: string[] = [];

/** A user that no other test knows. What is created for it goes when the file is over. */
function freshUser(): string {
  const principal = `User:${broker.freshName('user')}`;
  principals.push(principal);
  return principal;
}

afterAll(async () => {
  await wire.send(apis.deleteAcls, 3, { filters: principals.map(filterOf) });
  closeLogins();
});

const create = async (...creations: ReturnType<typeof acl>[]) => (await wire.send(apis.createAcls, 3, { creations })).results;

describe.each(versionsOf(apis.createAcls))('CreateAcls, DescribeAcls and DeleteAcls, version %i', (version) => {
  it('an entry is created, shown, and deleted', async () => {
    const spec: AclSpec = { name: broker.freshName(), principal: freshUser(), operation: 'read', host: '10.0.0.1' };
    const { results } = await wire.send(apis.createAcls, version, { creations: [acl(spec)] });
    expect(results).toEqual([{ errorCode: code.none, errorMessage: '' }]);
    await grant(spec); // a second time changes nothing

    const described = await wire.send(apis.describeAcls, version, filterFor(spec));
    const { resourceType, resourceName, resourcePatternType, ...entry } = acl(spec);
    expect(described).toMatchObject({ errorCode: code.none, errorMessage: '' });
    expect(described.resources).toEqual([{ resourceType, resourceName, patternType: resourcePatternType, acls: [entry] }]);

    const { filterResults } = await wire.send(apis.deleteAcls, version, { filters: [filterFor(spec), filterFor(spec)] });
    const matching = { errorCode: code.none, errorMessage: null, resourceType, resourceName, patternType: resourcePatternType, ...entry };
    const result = { errorCode: code.none, errorMessage: null, matchingAcls: [matching] };
    expect(filterResults).toEqual([result, result]);
  });
});

describe('CreateAcls', () => {
  const valid = (): ReturnType<typeof acl> => acl({ name: broker.freshName(), principal: freshUser() });

  it.each<[string, Partial<ReturnType<typeof acl>>, string]>([
    [
      'another cluster than this one',
      { resourceType: resource.cluster, resourceName: 'x' },
      'The only valid name for the CLUSTER resource is kafka-cluster',
    ],
    ['an empty name', { resourceName: '' }, 'Invalid empty resource name'],
    ['an unknown type of resource', { resourceType: unknown }, 'Invalid resourceType UNKNOWN'],
    ['an unknown type of pattern', { resourcePatternType: unknown }, 'Invalid patternType UNKNOWN'],
    ['an unknown operation', { operation: unknown }, 'Invalid operation UNKNOWN'],
    ['an unknown permission', { permissionType: unknown }, 'Invalid permissionType UNKNOWN'],
    [
      'a principal without its type',
      { principal: 'alice' },
      'Could not parse principal from `alice` (no colon is present separating the principal type from the principal name)',
    ],
  ])('%s is refused, and the rest of the request is done', async (_, fields, errorMessage) => {
    const results = await create(valid(), { ...valid(), ...fields }, valid());
    const ok = { errorCode: code.none, errorMessage: '' };
    expect(results).toEqual([ok, { errorCode: code.invalidRequest, errorMessage }, ok]);
  });

  it.each<[string, Partial<ReturnType<typeof acl>>]>([
    ['any type of resource', { resourceType: resource.any }],
    ['any type of pattern', { resourcePatternType: pattern.any }],
    ['a pattern that is only for filters', { resourcePatternType: pattern.match }],
    ['any operation', { operation: operation.any }],
    ['any permission', { permissionType: permission.any }],
  ])('%s fails the whole request', async (_, fields) => {
    const results = await create(valid(), { ...valid(), ...fields });
    const failed = { errorCode: code.unknownServerError, errorMessage: null };
    expect(results).toEqual([failed, failed]);
  });

  it.each<[string, Partial<ReturnType<typeof acl>>]>([
    ['type of resource', { resourceType: 0 }],
    ['type of pattern', { resourcePatternType: 0 }],
    ['operation', { operation: 0 }],
    ['permission', { permissionType: 0 }],
  ])('no %s at all ends the connection', async (_, fields) => {
    const own = await broker.wire();
    const sent = own.send(apis.createAcls, 3, { creations: [{ ...valid(), ...fields }] });
    await expect(sent).rejects.toThrow('the broker ended the connection');
  });
});

describe('DescribeAcls', () => {
  it.each<[string, object]>([
    ['type of resource', { resourceTypeFilter: 0 }],
    ['type of pattern', { patternTypeFilter: 0 }],
    ['operation', { operation: 0 }],
    ['permission', { permissionType: 0 }],
  ])('no %s at all ends the connection', async (_, fields) => {
    const own = await broker.wire();
    const sent = own.send(apis.describeAcls, 3, { ...filterOf('User:x'), ...fields });
    await expect(sent).rejects.toThrow('the broker ended the connection');
  });

  it('finds nothing by what Kafka does not know', async () => {
    const { errorCode, resources } = await wire.send(apis.describeAcls, 3, { ...filterOf('User:x'), operation: unknown });
    expect({ errorCode, resources }).toEqual({ errorCode: code.none, resources: [] });
  });

  it('finds by name and type of pattern', async () => {
    const principal = freshUser();
    const base = broker.freshName();
    await grant(
      { name: base, principal },
      { name: `${base}-a`, principal },
      { name: base, pattern: 'prefixed', principal },
      { name: '*', principal, operation: 'read' },
      { type: 'group', name: base, principal, operation: 'read' },
    );
    const found = async (fields: object): Promise<string[]> => {
      const { resources } = await wire.send(apis.describeAcls, 3, { ...filterOf(principal), ...fields });
      return resources
        .map(({ resourceType, resourceName, patternType }) => `${resourceType} ${patternType} ${resourceName.replace(base, 'x')}`)
        .sort();
    };
    const topic = { resourceTypeFilter: resource.topic };
    expect(await found({})).toEqual(['2 3 *', '2 3 x', '2 3 x-a', '2 4 x', '3 3 x']);
    expect(await found(topic)).toEqual(['2 3 *', '2 3 x', '2 3 x-a', '2 4 x']);
    expect(await found({ ...topic, resourceNameFilter: base })).toEqual(['2 3 x', '2 4 x']);
    expect(await found({ ...topic, resourceNameFilter: base, patternTypeFilter: pattern.literal })).toEqual(['2 3 x']);
    expect(await found({ ...topic, resourceNameFilter: base, patternTypeFilter: pattern.prefixed })).toEqual(['2 4 x']);
    expect(await found({ ...topic, resourceNameFilter: base, patternTypeFilter: pattern.match })).toEqual(['2 3 *', '2 3 x', '2 4 x']);
    expect(await found({ ...topic, resourceNameFilter: `${base}-a`, patternTypeFilter: pattern.match })).toEqual([
      '2 3 *',
      '2 3 x-a',
      '2 4 x',
    ]);
    expect(await found({ operation: operation.read })).toEqual(['2 3 *', '3 3 x']);
    expect(await found({ permissionType: permission.deny })).toEqual([]);
    expect(await found({ hostFilter: '10.0.0.1' })).toEqual([]);
  });
});

describe('DeleteAcls', () => {
  it.each<[string, object, string]>([
    ['type of resource', { resourceTypeFilter: unknown }, 'Unknown patternFilter.'],
    ['type of pattern', { patternTypeFilter: unknown }, 'Unknown patternFilter.'],
    ['operation', { operation: unknown }, 'Unknown entryFilter.'],
    ['permission', { permissionType: unknown }, 'Unknown entryFilter.'],
  ])('an unknown %s is refused, and the other filters are done', async (_, fields, errorMessage) => {
    const principal = freshUser();
    await grant({ name: broker.freshName(), principal });
    const filters = [{ ...filterOf(principal), ...fields }, filterOf(principal)];
    const { filterResults } = await wire.send(apis.deleteAcls, 3, { filters });
    expect(filterResults[0]).toEqual({ errorCode: code.invalidRequest, errorMessage, matchingAcls: [] });
    expect(filterResults[1]).toMatchObject({ errorCode: code.none, matchingAcls: [{ principal }] });
  });

  it('no operation at all ends the connection', async () => {
    const own = await broker.wire();
    const sent = own.send(apis.deleteAcls, 3, { filters: [{ ...filterOf('User:x'), operation: 0 }] });
    await expect(sent).rejects.toThrow('the broker ended the connection');
  });
});
