import { errorCodes } from '@tskafka/core/protocol';
import { type EntityType, entityTypes, type QuotaEntity } from './quota-entity.ts';

const matchType = { exact: 0, default: 1, specified: 2 } as const;

export interface FilterComponent {
  readonly entityType: string;
  readonly matchType: number;
  readonly match: string | null;
}

export interface FilterError {
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** Why Kafka does not look by this filter; undefined when it does. */
export function quotaFilterError(components: readonly FilterComponent[]): FilterError | undefined {
  const seen = new Set<string>();
  for (const { entityType, matchType: type, match } of components) {
    if (entityType === '') return invalid('Invalid empty entity type.');
    if (seen.has(entityType)) return invalid(`Entity type ${entityType} cannot appear more than once in the filter.`);
    seen.add(entityType);
    if (!entityTypes.includes(entityType as EntityType)) {
      return { errorCode: errorCodes.UNSUPPORTED_VERSION, errorMessage: `Unsupported entity type ${entityType}` };
    }
    if (type === matchType.exact && match === null) return invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.');
    if (type === matchType.default && match !== null) {
      return invalid('Request specified MATCH_TYPE_DEFAULT, but also specified a match string.');
    }
    if (type === matchType.specified && match !== null) {
      return invalid('Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.');
    }
    if (type < matchType.exact || type > matchType.specified) return invalid(`Unknown match type ${type}`);
  }
  if (seen.has('ip') && seen.size > 1) {
    const text =
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.';
    return invalid(text);
  }
  return undefined;
}

/** Whether quotas of this entity are asked for; a strict filter wants nothing else to be in it. */
export function matchesQuotaFilter(entity: QuotaEntity, components: readonly FilterComponent[], strict: boolean): boolean {
  if (strict && entity.size !== components.length) return false;
  return components.every(({ entityType, matchType: type, match }) => {
    if (!entity.has(entityType)) return false;
    return type === matchType.specified || entity.get(entityType) === match;
  });
}

function invalid(errorMessage: string): FilterError {
  return { errorCode: errorCodes.INVALID_REQUEST, errorMessage };
}
