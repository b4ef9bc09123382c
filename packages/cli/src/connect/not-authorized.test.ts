import { expect, it } from 'vitest';
import { notAuthorized } from './not-authorized.ts';

const alice = { user: 'alice', needs: 'read', needsOfGroup: 'read', changes: false };
const allowed = (rest: string): string => `an administrator can allow it: tskafka acls create --principal User:alice ${rest} --execute`;

it.each([
  ['TOPIC_AUTHORIZATION_FAILED', "topic 'orders'", 'alice may not read topic orders', '--operation read --topic orders'],
  ['TOPIC_AUTHORIZATION_FAILED', "Produce to 'orders' partition 0: no", 'alice may not write to topic orders', '--operation write --topic orders'],
  ['TOPIC_AUTHORIZATION_FAILED', 'Fetch of eu.orders-1/0 at offset 7', 'alice may not read topic eu.orders-1', '--operation read --topic eu.orders-1'],
  ['TOPIC_AUTHORIZATION_FAILED', "offsets of the group 'billing' in partition orders/12: no", 'alice may not read topic orders', '--operation read --topic orders'],
  ['TOPIC_AUTHORIZATION_FAILED', 'something', 'alice may not read topic', '--operation read --topic NAME'],
  ['GROUP_AUTHORIZATION_FAILED', "coordinator of the group 'my group'", 'alice may not read group my group', "--operation read --group 'my group'"],
  ['TOPIC_AUTHORIZATION_FAILED', "configurations of topic 'orders'", 'alice may not describe the configurations of topic orders', '--operation describeConfigs --topic orders'],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', "coordinator of the transaction 't-1'", 'alice may not write to transactional id t-1', '--operation write --transactional-id t-1'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'log directories of broker 1', 'alice may not describe the cluster', '--operation describe --cluster'],
  ['CLUSTER_AUTHORIZATION_FAILED', "configurations of broker '1'", 'alice may not describe the configurations of the cluster', '--operation describeConfigs --cluster'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'the rules, Request Request(a) needs ALTER_CONFIGS permission.', 'alice may not alter the configurations of the cluster', '--operation alterConfigs --cluster'],
])('%s of %s', (errorName, message, said, rest) => {
  expect(notAuthorized(errorName, message, alice)).toMatchObject({ message: said, code: errorName, hint: allowed(rest) });
}); // prettier-ignore

it('does not show the insides of a broker', () => {
  const message =
    'the rules: CLUSTER_AUTHORIZATION_FAILED (31), Request Request(processor=1, buffer=null, envelope=None) needs DESCRIBE permission.';
  expect(notAuthorized('CLUSTER_AUTHORIZATION_FAILED', message, alice)?.why).toBe(
    'the rules: CLUSTER_AUTHORIZATION_FAILED (31), needs DESCRIBE permission.',
  );
});

it('says what to fill in where only the broker knows who we are', () => {
  expect(notAuthorized('TOPIC_AUTHORIZATION_FAILED', "topic 'orders'", { ...alice, user: undefined })).toMatchObject({
    message: 'this client may not read topic orders',
    hint: expect.stringContaining('--principal User:NAME ') as string,
  });
});

it('is silent about other errors', () => {
  expect(notAuthorized('UNKNOWN_TOPIC_OR_PARTITION', "topic 'orders'", alice)).toBeUndefined();
});

it('says what a change needs', () => {
  const said = (errorName: string, message: string): string | undefined =>
    notAuthorized(errorName, message, { ...alice, needs: 'delete', needsOfGroup: 'delete', changes: true })?.message;
  expect(said('TOPIC_AUTHORIZATION_FAILED', "topic 'orders'")).toBe('alice may not delete topic orders');
  expect(said('GROUP_AUTHORIZATION_FAILED', "group 'billing'")).toBe('alice may not delete group billing');
  expect(said('TOPIC_AUTHORIZATION_FAILED', "configurations of topic 'orders'")).toBe(
    'alice may not alter the configurations of topic orders',
  );
});
