import { describe, expect, it } from 'vitest';
import { type Acl, operation, patternType, permission, resourceType } from './acl.ts';
import { allowsSome, authorize } from './authorize.ts';

const alice = { principal: 'User:alice', host: '127.0.0.1' };

/** `allow read orders` for alice; a name that ends in `-*` is a prefix. */
function entry(text: string, who: Partial<Acl> = {}): Acl {
  const [permissionType, asked, name] = text.split(' ') as [keyof typeof permission, keyof typeof operation, string];
  const isPrefix = name.endsWith('-*');
  return {
    resourceType: resourceType.topic,
    resourceName: isPrefix ? name.slice(0, -1) : name,
    patternType: isPrefix ? patternType.prefixed : patternType.literal,
    principal: alice.principal,
    host: '*',
    operation: operation[asked],
    permissionType: permission[permissionType],
    ...who,
  };
}

describe('authorize', () => {
  it.each<[string, Acl[], 'read' | 'describe' | 'describeConfigs' | 'write', string]>([
    ['nobody has said anything', [], 'read', 'no entry for this resource'],
    ['entries of other topics do not count', [entry('allow read other')], 'read', 'no entry for this resource'],
    ['an entry for somebody else closes the topic', [entry('allow read orders', { principal: 'User:bob' })], 'read', 'denied'],
    ['it is allowed', [entry('allow read orders')], 'read', 'allowed'],
    ['something else is allowed', [entry('allow write orders')], 'read', 'denied'],
    ['all is allowed', [entry('allow all orders')], 'read', 'allowed'],
    ['every topic is meant', [entry('allow read *')], 'read', 'allowed'],
    ['a prefix is meant', [entry('allow read ord-*', { resourceName: 'ord' })], 'read', 'allowed'],
    ['a longer prefix is another', [entry('allow read orders-*')], 'read', 'no entry for this resource'],
    ['a refusal wins, wherever it stands', [entry('deny read *'), entry('allow all orders')], 'read', 'denied'],
    ['a refusal of something else', [entry('deny write orders'), entry('allow all orders')], 'read', 'allowed'],
    ['everybody is meant', [entry('allow read orders', { principal: 'User:*' })], 'read', 'allowed'],
    ['another host is meant', [entry('allow read orders', { host: '10.0.0.1' })], 'read', 'denied'],
    ['reading implies describing', [entry('allow read orders')], 'describe', 'allowed'],
    ['altering configurations implies seeing them', [entry('allow alterConfigs orders')], 'describeConfigs', 'allowed'],
    ['describing implies nothing', [entry('allow describe orders')], 'read', 'denied'],
    ['refusing to read does not refuse to describe', [entry('deny read orders'), entry('allow describe orders')], 'describe', 'allowed'],
    ['groups are no topics', [entry('allow read orders', { resourceType: resourceType.group })], 'read', 'no entry for this resource'],
  ])('%s', (_, acls, asked, decision) => {
    expect(authorize(acls, alice, asked, 'topic', 'orders')).toBe(decision);
  });
});

describe('allowsSome', () => {
  it.each<[string, Acl[], boolean]>([
    ['nothing is allowed', [], false],
    ['one topic is', [entry('allow write orders')], true],
    ['one is, and the same one is refused', [entry('allow write orders'), entry('deny write orders')], false],
    ['one is, and a prefix of it is refused', [entry('allow write orders-new'), entry('deny write orders-*')], false],
    ['one is, and a longer prefix is refused', [entry('allow write orders'), entry('deny write orders-*')], true],
    ['a prefix is, and one of its topics is refused', [entry('allow write orders-*'), entry('deny write orders-new')], true],
    ['all are, and one is refused', [entry('allow write *'), entry('deny write orders')], true],
    ['all are refused', [entry('allow write orders'), entry('deny write *')], false],
    ['only reading is allowed', [entry('allow read orders')], false],
    ['all operations are', [entry('allow all orders')], true],
    ['somebody else is allowed', [entry('allow write orders', { principal: 'User:bob' })], false],
  ])('%s', (_, acls, allowed) => expect(allowsSome(acls, alice, 'write', 'topic')).toBe(allowed));
});
