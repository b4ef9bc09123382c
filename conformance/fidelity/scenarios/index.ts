import type { Scenario } from '../scenario.ts';
import { aclScenarios } from './acls.ts';
import { alterConfigsScenarios } from './alter-configs.ts';
import { classicGroupScenarios } from './classic-groups.ts';
import { clientQuotaScenarios } from './client-quotas.ts';
import { clusterScenarios } from './cluster.ts';
import { consumerGroupRequestScenarios } from './consumer-group-requests.ts';
import { consumerGroupScenarios } from './consumer-groups.ts';
import { delegationTokenScenarios } from './delegation-tokens.ts';
import { deniedScenarios } from './denied.ts';
import { fetchSessionScenarios } from './fetch-sessions.ts';
import { leaderScenarios } from './leaders.ts';
import { logDirScenarios } from './log-dirs.ts';
import { offsetScenarios } from './offsets.ts';
import { produceScenarios } from './produce.ts';
import { quorumScenarios } from './quorum.ts';
import { readingScenarios } from './reading.ts';
import { reassignmentScenarios } from './reassignments.ts';
import { saslScenarios } from './sasl.ts';
import { scramUserScenarios } from './scram-users.ts';
import { shareFetchScenarios } from './share-fetches.ts';
import { shareGroupScenarios } from './share-groups.ts';
import { topicScenarios } from './topics.ts';
import { transactionStateScenarios } from './transaction-states.ts';
import { transactionScenarios } from './transactions.ts';

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
  ...aclScenarios,
  ...alterConfigsScenarios,
  ...clientQuotaScenarios,
  ...delegationTokenScenarios,
  ...logDirScenarios,
  ...quorumScenarios,
  ...reassignmentScenarios,
  ...saslScenarios,
  ...scramUserScenarios,
  ...transactionScenarios,
  ...transactionStateScenarios,
  ...shareGroupScenarios,
  ...shareFetchScenarios,
  ...deniedScenarios,
];
