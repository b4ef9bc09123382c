import type { BrokerConfigs } from '../../configs/configs.ts';
import type { PartitionAssignor } from './partition-assignor.ts';
import { rangeAssignor } from './range-assignor.ts';
import { uniformAssignor } from './uniform-assignor.ts';

const builtIn = [uniformAssignor, rangeAssignor];

/** The names of the assignors that the brokers offer; the first is for groups that do not care. */
export function assignorsOf(configs: BrokerConfigs): readonly string[] {
  return configs
    .value('group.consumer.assignors')!
    .split(',')
    .map((name) => name.trim());
}

export function assignorNamed(name: string, configs: BrokerConfigs): PartitionAssignor {
  const found = assignorsOf(configs).includes(name) ? builtIn.find((assignor) => assignor.name === name) : undefined;
  if (found === undefined) throw new RangeError(`there is no assignor '${name}'; the mock has uniform and range`);
  return found;
}
