import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { matchesQuotaFilter, quotaFilterError } from '../quotas/quota-filter.ts';

/** The quotas that were set (KIP-546). */
export const describeClientQuotasHandler = defineHandler(apis.describeClientQuotas, ({ components, strict }, context) => {
  const failure = context.failureOf();
  const wrong = failure === 0 ? quotaFilterError(components) : { errorCode: failure, errorMessage: null };
  if (wrong !== undefined) return { throttleTimeMs: 0, ...wrong, entries: null };
  const found = context.state.quotas.all.filter(({ entity }) => matchesQuotaFilter(entity, components, strict));
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: '', // Kafka leaves the default of the message
    entries: found.map(({ entity, values }) => ({
      entity: [...entity].map(([entityType, entityName]) => ({ entityType, entityName })),
      values: [...values].map(([key, value]) => ({ key, value })),
    })),
  };
});
