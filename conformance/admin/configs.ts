import { apis } from '@tskafka/core/protocol';
import type { Decoded, DescribeConfigsResponse } from '@tskafka/core/protocol';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

/** Resource types, sources and operations by Kafka's numbers. */
export const resource = { unknown: 1, topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
export const source = { topic: 1, broker: 2, allBrokers: 3, staticBroker: 4, default: 5, logger: 6, clientMetrics: 7, group: 8 } as const;
export const op = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

export type Alteration = readonly [name: string, operation: number, value: string | null];
type DescribedResource = Decoded<DescribeConfigsResponse>['results'][number];

export interface Altered {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface AlterOptions {
  readonly version?: number;
  readonly validateOnly?: boolean;
}

/** Asks for changes of one resource's configuration. */
export async function alter(
  wire: Wire,
  resourceType: number,
  resourceName: string,
  alterations: readonly Alteration[],
  { version = 1, validateOnly = false }: AlterOptions = {},
): Promise<Altered> {
  const configs = alterations.map(([name, configOperation, value]) => ({ name, configOperation, value }));
  const { responses } = await wire.send(apis.incrementalAlterConfigs, version, {
    resources: [{ resourceType, resourceName, configs }],
    validateOnly,
  });
  return responses[0]!;
}

/** What the resource's configuration is: all of it, or the named ones. */
export async function describeConfigs(
  wire: Wire,
  resourceType: number,
  resourceName: string,
  names: readonly string[] | null = null,
  options: { readonly version?: number; readonly synonyms?: boolean; readonly documentation?: boolean } = {},
): Promise<DescribedResource> {
  const { version = 4, synonyms = false, documentation = false } = options;
  const { results } = await wire.send(apis.describeConfigs, version, {
    resources: [{ resourceType, resourceName, configurationKeys: names }],
    includeSynonyms: synonyms,
    includeDocumentation: documentation && version >= 3,
  });
  return results[0]!;
}

/** Resolves once the node that is asked has heard of the change: a real one answers before that. */
export async function configBecomes(wire: Wire, type: number, name: string, config: string, value: string | null): Promise<void> {
  await until(`${config} of ${name} is ${value}`, async () => {
    const { configs } = await describeConfigs(wire, type, name, [config]);
    return (configs[0]?.value ?? null) === value;
  });
}
