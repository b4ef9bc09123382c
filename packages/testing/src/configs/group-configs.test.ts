import { expect, it } from 'vitest';
import { BrokerConfigs } from './configs.ts';
import { groupConfigError } from './group-config-error.ts';
import { GroupConfigs } from './group-configs.ts';

it.each<[string, own: Record<string, string>, broker: Record<string, string>, name: string, value: string]>([
  ['Kafka’s default', {}, {}, 'consumer.session.timeout.ms', '45000'],
  ['the brokers’ value', {}, { 'group.consumer.session.timeout.ms': '50000' }, 'consumer.session.timeout.ms', '50000'],
  ['its own', { 'consumer.session.timeout.ms': '50000' }, {}, 'consumer.session.timeout.ms', '50000'],
  [
    'its own within the brokers’ bounds, which may have changed since',
    { 'share.delivery.count.limit': '10' },
    { 'group.share.max.delivery.count.limit': '7' },
    'share.delivery.count.limit',
    '7',
  ],
  ['one that brokers do not have', {}, {}, 'share.auto.offset.reset', 'latest'],
  ['its own of that kind', { 'share.isolation.level': 'read_committed' }, {}, 'share.isolation.level', 'read_committed'],
])('a group has %s', (_, own, broker, name, value) => {
  expect(new GroupConfigs(new Map(Object.entries(own)), new BrokerConfigs(broker)).value(name)).toBe(value);
});

it('follows what is changed for all brokers', () => {
  const broker = new BrokerConfigs({});
  const group = new GroupConfigs(new Map(), broker);
  broker.dynamic.of('broker', '').set('group.consumer.assignment.interval.ms', '5');
  expect(group.number('consumer.assignment.interval.ms')).toBe(5);
  expect(group.boolean('share.renew.acknowledge.enable')).toBe(true);
});

it.each<[Record<string, string>, string | undefined]>([
  [{ 'consumer.session.timeout.ms': '50000' }, undefined],
  [
    { 'consumer.session.timeout.ms': '70000' },
    'consumer.session.timeout.ms must be less than or equal to group.consumer.max.session.timeout.ms',
  ],
  [
    { 'consumer.assignment.interval.ms': '20000' },
    'consumer.assignment.interval.ms must be less than or equal to group.consumer.max.assignment.interval.ms',
  ],
  [
    { 'streams.heartbeat.interval.ms': '1' },
    'streams.heartbeat.interval.ms must be greater than or equal to group.streams.min.heartbeat.interval.ms',
  ],
])('checks %j', (configs, error) => {
  expect(groupConfigError(new Map(Object.entries(configs)), new BrokerConfigs({}))).toBe(error);
});
