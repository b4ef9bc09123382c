import { apis } from '@tskafka/core/protocol';
import { filterOf, operation, pattern, permission, resource } from '../../access/fixture.ts';
import { valuesBatch } from '../scenarios/requests.ts';
import { commitRequest, committedRequest, fetchRequest, listOffsetsRequest, produceRequest } from '../scenarios/requests.ts';
import type { AccessWalker } from './access-walker.ts';
import type { Step, WeightedSteps } from './walker.ts';

/** A number that Kafka has no name for. */
const unknown = 99;

/** Kinds of resources that have names of their own. An entry for the cluster would be in the way of others. */
const kinds = [resource.topic, resource.topic, resource.group, resource.transactionalId];
const operations = [...Object.values(operation)].filter((number) => number !== operation.any);

/** Mostly one that may be. */
function entryOf(walker: AccessWalker) {
  return {
    resourceType: walker.chance(0.97) ? walker.pick(kinds) : walker.pick([resource.any, resource.cluster, unknown]),
    resourceName: walker.chance(0.98) ? walker.name() : '',
    resourcePatternType: walker.chance(0.97) ? walker.pick([pattern.literal, pattern.prefixed]) : walker.pick([pattern.match, unknown]),
    principal: walker.chance(0.98) ? walker.pick(walker.principals) : 'nobody',
    host: walker.pick(['*', '*', '*', '127.0.0.1', '10.0.0.1']),
    operation: walker.chance(0.1) ? operation.all : walker.pick(operations),
    permissionType: walker.chance(0.98) ? walker.pick([permission.allow, permission.allow, permission.deny]) : permission.any,
  };
}

const give: Step<AccessWalker> = async (walker) => {
  const creations = Array.from({ length: 1 + walker.int(3) }, () => entryOf(walker));
  const { results } = await walker.ask(apis.createAcls, walker.version(apis.createAcls), { creations });
  for (const [i, { errorCode }] of results.entries()) if (errorCode === 0) walker.remember(creations[i]!);
  await walker.settled();
};

/** Those of one of the users, and less of them. */
function filterFor(walker: AccessWalker) {
  return {
    ...filterOf(walker.pick(walker.principals)),
    ...(walker.chance(0.5) && { resourceTypeFilter: walker.pick([...kinds, unknown]) }),
    ...(walker.chance(0.5) && { resourceNameFilter: walker.name() }),
    ...(walker.chance(0.5) && { patternTypeFilter: walker.pick([pattern.match, pattern.literal, pattern.prefixed]) }),
    ...(walker.chance(0.2) && { hostFilter: walker.pick(['*', '127.0.0.1']) }),
    ...(walker.chance(0.2) && { operation: walker.pick(operations) }),
    ...(walker.chance(0.2) && { permissionType: walker.pick([permission.allow, permission.deny]) }),
  };
}

const take: Step<AccessWalker> = async (walker) => {
  const filters = Array.from({ length: 1 + walker.int(2) }, () => filterFor(walker));
  const { filterResults } = await walker.ask(apis.deleteAcls, walker.version(apis.deleteAcls), { filters });
  for (const { resourceType, resourceName, patternType, principal, host, ...entry } of filterResults.flatMap(
    (result) => result.matchingAcls,
  )) {
    walker.forget({ resourceType, resourceName, resourcePatternType: patternType, principal, host, ...entry });
  }
  await walker.settled();
};

const list: Step<AccessWalker> = (walker) => walker.ask(apis.describeAcls, walker.version(apis.describeAcls), filterFor(walker));

/** All that the user may do with the topics. */
const seeTopics: Step<AccessWalker> = (walker) =>
  walker.ask(
    apis.metadata,
    walker.version(apis.metadata, 8),
    { topics: walker.topics.map(({ name }) => ({ name })), allowAutoTopicCreation: false, includeTopicAuthorizedOperations: true },
    { as: walker.pick(walker.users), mask: ['controllerId'] },
  );

/** All that the user may do with a group. */
const seeGroup: Step<AccessWalker> = (walker) => {
  const group = walker.pick(walker.groups);
  return walker.ask(
    apis.describeGroups,
    walker.version(apis.describeGroups, 3),
    { groups: [group], includeAuthorizedOperations: true },
    { as: walker.pick(walker.users), node: walker.coordinators.get(group)! },
  );
};

const seeTransaction: Step<AccessWalker> = (walker) => {
  const id = walker.pick(walker.transactionalIds);
  const [as, node] = [walker.pick(walker.users), walker.coordinators.get(id)!];
  return walker.ask(apis.describeTransactions, 0, { transactionalIds: [id] }, { as, node });
};

const write: Step<AccessWalker> = (walker) =>
  walker.ask(apis.produce, walker.version(apis.produce), produceRequest(walker.pick(walker.topics), valuesBatch('a')), {
    as: walker.pick(walker.users),
  });

const read: Step<AccessWalker> = (walker) =>
  walker.ask(apis.fetch, walker.version(apis.fetch), fetchRequest(walker.pick(walker.topics), 0), { as: walker.pick(walker.users) });

const lookUp: Step<AccessWalker> = (walker) =>
  walker.ask(apis.listOffsets, walker.version(apis.listOffsets), listOffsetsRequest(walker.pick(walker.topics), -1), {
    as: walker.pick(walker.users),
  });

const commit: Step<AccessWalker> = (walker) => {
  const group = walker.pick(walker.groups);
  const [as, node] = [walker.pick(walker.users), walker.coordinators.get(group)!];
  return walker.ask(apis.offsetCommit, walker.version(apis.offsetCommit), commitRequest(group, walker.pick(walker.topics), 1), {
    as,
    node,
  });
};

const readCommits: Step<AccessWalker> = (walker) => {
  const group = walker.pick(walker.groups);
  const [as, node, all] = [walker.pick(walker.users), walker.coordinators.get(group)!, walker.chance(0.5)];
  const version = walker.version(apis.offsetFetch, all ? 2 : 0);
  return walker.ask(apis.offsetFetch, version, committedRequest(version, group, all ? null : walker.topics), { as, node });
};

/** Entries of access lists, and what users may do by them. */
export const accessSteps: WeightedSteps<AccessWalker> = [
  [6, give],
  [3, take],
  [3, list],
  [8, seeTopics],
  [4, seeGroup],
  [2, seeTransaction],
  [2, write],
  [2, read],
  [2, lookUp],
  [2, commit],
  [2, readCommits],
];
