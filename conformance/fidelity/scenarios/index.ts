import type { Scenario } from '../scenario.ts';
import { classicGroupScenarios } from './classic-groups.ts';
import { clusterScenarios } from './cluster.ts';
import { consumerGroupRequestScenarios } from './consumer-group-requests.ts';
import { consumerGroupScenarios } from './consumer-groups.ts';
import { fetchSessionScenarios } from './fetch-sessions.ts';
import { leaderScenarios } from './leaders.ts';
import { offsetScenarios } from './offsets.ts';
import { produceScenarios } from './produce.ts';
import { readingScenarios } from './reading.ts';
import { topicScenarios } from './topics.ts';

/** All scenarios: one file for each family of APIs. */
export const scenarios: readonly Scenario[] = [
  ...produceScenarios,
  ...readingScenarios,
  ...fetchSessionScenarios,
  ...topicScenarios,
  ...clusterScenarios,
  ...offsetScenarios,
  ...classicGroupScenarios,
  ...consumerGroupRequestScenarios,
  ...consumerGroupScenarios,
  ...leaderScenarios,
];
