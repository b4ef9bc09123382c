import { checkNames } from './checks.ts';
import type { ClusterState, NewTopic } from './cluster-state.ts';
import type { TopicSpec } from './options.ts';
import { checkNewTopic } from './topics/new-topic.ts';

/** The topic that a test asks for. Throws RangeError where a cluster would not create it, and TypeError for a word that means nothing. */
export function topicOf(name: string, spec: number | TopicSpec, state: ClusterState): NewTopic {
  const given = typeof spec === 'number' ? { partitions: spec } : spec;
  checkNames(`the topic '${name}'`, given, ['partitions', 'replicationFactor', 'configs']);
  const { partitions = -1, replicationFactor = -1, configs = {} } = given;
  const checked = checkNewTopic(
    {
      ...{ name, replicationFactor, numPartitions: partitions, assignments: [] },
      configs: Object.entries(configs).map(([config, value]) => ({ name: config, value })),
    },
    state,
  );
  if (checked.kind === 'refused') throw new RangeError(`the topic '${name}' cannot be created: ${checked.message}`);
  return checked.topic;
}
