import { apis } from '@tskafka/core/protocol';
import { broker } from './broker.ts';
import { code } from './error-code.ts';
import type { Wire } from './wire.ts';

export type GroupConfigs = Readonly<Record<string, string>>;

const setConfig = 0;
const groupResource = 32;

/** Configures a group, and resolves once every node knows it: the coordinator and the leaders of its partitions go by it. Gives the error code. */
export async function configureGroup(groupId: string, configs: GroupConfigs): Promise<number> {
  const wire = await broker.wire();
  const entries = Object.entries(configs).map(([name, value]) => ({ name, configOperation: setConfig, value }));
  const resources = [{ resourceType: groupResource, resourceName: groupId, configs: entries }];
  const { responses } = await wire.send(apis.incrementalAlterConfigs, 1, { resources, validateOnly: false });
  wire.close();
  const { errorCode } = responses[0]!;
  if (errorCode === code.none) await broker.everyNode(`knows the configuration of ${groupId}`, (node) => has(node, groupId, configs));
  return errorCode;
}

async function has(wire: Wire, groupId: string, configs: GroupConfigs): Promise<boolean> {
  const resources = [{ resourceType: groupResource, resourceName: groupId, configurationKeys: Object.keys(configs) }];
  const { results } = await wire.send(apis.describeConfigs, 4, { resources, includeSynonyms: false, includeDocumentation: false });
  const known = new Map(results[0]!.configs.map(({ name, value }) => [name, value]));
  return Object.entries(configs).every(([name, value]) => known.get(name) === value);
}
