import { apis, errorCodes } from '@tskafka/core/protocol';
import { updateError } from '../broker/feature-update.ts';
import { defineHandler } from '../handler.ts';

const upgrade = 1;
const safeDowngrade = 2;

/** Changes the levels of features: all that are named, or none. */
export const updateFeaturesHandler = defineHandler(apis.updateFeatures, (request, context) => {
  const { state, version } = context;
  const failure = context.failureOf();
  if (failure !== 0) return { throttleTimeMs: 0, errorCode: failure, errorMessage: null, results: [] };
  const updates = request.featureUpdates.map(({ feature, maxVersionLevel, allowDowngrade, upgradeType }) => ({
    feature,
    level: maxVersionLevel,
    upgradeType: version === 0 ? (allowDowngrade ? safeDowngrade : upgrade) : upgradeType,
  }));
  for (const update of updates) {
    const wrong = updateError(update, state.features, state.controllerId);
    if (wrong === undefined) continue;
    const errorMessage = `The update failed for all features since the following feature had an error: ${wrong}`;
    return { throttleTimeMs: 0, errorCode: errorCodes.INVALID_UPDATE_VERSION, errorMessage, results: [] };
  }
  if (!request.validateOnly) for (const { feature, level } of updates) state.features.set(feature, level);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    results: version >= 2 ? [] : updates.map(({ feature }) => ({ feature, errorCode: errorCodes.NONE, errorMessage: 'NONE' })),
  };
});
