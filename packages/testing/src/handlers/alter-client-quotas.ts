import { apis, errorCodes } from '@tskafka/core/protocol';
import type { RequestOf } from '../api-name.ts';
import { defineHandler } from '../handler.ts';
import { entityError, quotaError } from '../quotas/quota-alteration.ts';
import { entityKey, entityText, type QuotaEntity } from '../quotas/quota-entity.ts';

type Entry = RequestOf<'AlterClientQuotas'>['entries'][number];
type Op = Entry['ops'][number];

/** Sets and removes quotas: all of an entity, or none (KIP-546). */
export const alterClientQuotasHandler = defineHandler(apis.alterClientQuotas, (request, context) => {
  const { quotas } = context.state;
  const failure = context.failureOf();
  const results = new Map<string, { readonly entry: Entry; readonly error: string | undefined }>();
  const changes: (() => void)[] = [];
  for (const entry of request.entries) {
    const entity: QuotaEntity = new Map(entry.entity.map(({ entityType, entityName }) => [entityType, entityName]));
    const key = entityKey(entity);
    const isTwice = results.has(key) || hasKeyTwice(entry.ops);
    const error = isTwice ? `Ignoring duplicate entity ${entityText(entity)}` : (entityError(entity) ?? opsError(entity, entry.ops));
    results.set(key, { entry, error });
    if (error !== undefined) continue;
    changes.push(() => {
      for (const op of entry.ops) {
        if (op.remove) quotas.remove(entity, op.key);
        else quotas.set(entity, op.key, op.value);
      }
    });
  }
  if (!request.validateOnly && failure === 0) for (const change of changes) change();
  return {
    throttleTimeMs: 0,
    entries: [...results.values()].map(({ entry, error }) => ({
      entity: entry.entity,
      errorCode: failure || (error === undefined ? errorCodes.NONE : errorCodes.INVALID_REQUEST),
      errorMessage: error ?? null,
    })),
  };
});

function hasKeyTwice(ops: readonly Op[]): boolean {
  return new Set(ops.map(({ key }) => key)).size < ops.length;
}

function opsError(entity: QuotaEntity, ops: readonly Op[]): string | undefined {
  for (const { key, value, remove } of ops) {
    const error = remove ? undefined : quotaError(entity, key, value);
    if (error !== undefined) return error;
  }
  return undefined;
}
