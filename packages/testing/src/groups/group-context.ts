import type { Clock, Random } from '@tskafka/core/protocol';
import type { BrokerConfigs } from '../configs/configs.ts';
import type { Activity } from '../waiting/activity.ts';

/** What a group has from its cluster. */
export interface GroupContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly configs: BrokerConfigs;
  readonly activity: Activity;
}
