import { errorCodes } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';
import { alterConfigs, type AskedChange, type Changed } from './alter-configs.ts';

interface ChangedResource extends Changed {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Changes the configuration of each resource for itself: what one is refused does not keep others from theirs. */
export function changeResources(changes: readonly AskedChange[], validateOnly: boolean, context: HandlerContext): ChangedResource[] {
  const key = ({ resourceType, resourceName }: AskedChange): string => `${resourceType} ${resourceName}`;
  const keys = changes.map(key);
  return changes.map((change) => {
    const { resourceType, resourceName } = change;
    const failure = context.failureOf(resourceName);
    if (failure !== 0) return { resourceType, resourceName, errorCode: failure, errorMessage: null };
    const twice = keys.indexOf(key(change)) !== keys.lastIndexOf(key(change));
    const changed: Changed = twice
      ? { errorCode: errorCodes.INVALID_REQUEST, errorMessage: 'Each resource must appear at most once.' }
      : alterConfigs(change, validateOnly, context);
    return { resourceType, resourceName, ...changed };
  });
}
