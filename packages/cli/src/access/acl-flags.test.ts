import { expect, it } from 'vitest';
import { filtersOf, type RuleFlags, rulesOf } from './acl-flags.ts';

const alice = { principal: 'User:alice' };
const orders = { resourceType: 'topic', resourceName: 'orders' } as const;

it.each<[string, RuleFlags, object[]]>([
  ['nothing is every rule', {}, [{}]],
  ['who, from where', { ...alice, host: '10.0.0.1' }, [{ ...alice, host: '10.0.0.1' }]],
  ['a topic twice is one', { topic: ['orders', 'orders'] }, [orders]],
  [
    'each pair of a resource and an operation',
    { topic: ['orders'], cluster: true, operation: ['read', 'alter'] },
    [
      { ...orders, operation: 'read' },
      { ...orders, operation: 'alter' },
      { resourceType: 'cluster', resourceName: 'kafka-cluster', operation: 'read' },
      { resourceType: 'cluster', resourceName: 'kafka-cluster', operation: 'alter' },
    ],
  ],
  ['rules for a prefix, and no others', { topic: ['orders'], prefixed: true }, [{ ...orders, patternType: 'prefixed' }]],
  [
    'of a role what it was given: allowed, by this name alone',
    { ...alice, producer: true, topic: ['orders'] },
    [
      { ...alice, ...orders, operation: 'write', patternType: 'literal', permission: 'allow' },
      { ...alice, ...orders, operation: 'describe', patternType: 'literal', permission: 'allow' },
      { ...alice, ...orders, operation: 'create', patternType: 'literal', permission: 'allow' },
    ],
  ],
])('filters: %s', (_, flags, filters) => {
  expect(filtersOf(flags)).toEqual(filters);
});

it('the cluster has no names that begin so', () => {
  const rules = rulesOf({ producer: true, idempotent: true, topic: ['orders-'], prefixed: true });
  expect(rules.map(({ resourceType, patternType }) => `${resourceType} ${patternType}`)).toEqual([
    ...Array<string>(3).fill('topic prefixed'),
    'cluster literal',
  ]);
});
