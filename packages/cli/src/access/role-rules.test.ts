import { expect, it } from 'vitest';
import { type Resource, type Roles, roleRules } from './role-rules.ts';

const topic: Resource = { resourceType: 'topic', resourceName: 'orders' };
const group: Resource = { resourceType: 'group', resourceName: 'billing' };
const id: Resource = { resourceType: 'transactionalId', resourceName: 'shop' };

it.each<[string, Roles, Resource[], string[]]>([
  ['who writes', { producer: true }, [topic], ['topic write', 'topic describe', 'topic create']],
  ['who writes transactions', { producer: true }, [topic, id], ['topic write', 'topic describe', 'topic create', 'transactionalId write', 'transactionalId describe']], // prettier-ignore
  ['who writes idempotently', { producer: true, idempotent: true }, [topic], ['topic write', 'topic describe', 'topic create', 'cluster idempotentWrite']], // prettier-ignore
  ['who reads', { consumer: true }, [topic, group], ['topic read', 'topic describe', 'group read']],
  ['both, nothing twice', { producer: true, consumer: true }, [topic, group], ['topic write', 'topic describe', 'topic create', 'topic read', 'group read']], // prettier-ignore
])('%s', (_, roles, resources, rules) => {
  expect(roleRules(roles, resources).map(({ resourceType, operation }) => `${resourceType} ${operation}`)).toEqual(rules);
});
