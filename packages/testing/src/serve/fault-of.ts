import type { Clock, Random } from '@tskafka/core/protocol';
import type { ApiName } from '../api-name.ts';
import { checkApi, checkErrors } from '../checks.ts';
import type { ErrorCode } from '../faults.ts';
import type { MockCluster } from '../mock-cluster.ts';

/** What happens to requests of one API, and to which of them. */
export interface ServedFault {
  readonly api: ApiName;
  readonly act: { readonly error: number } | 'drop' | { readonly delayMs: number };
  /** How many of a hundred requests, by chance. */
  readonly percent: number;
}

/**
 * `Produce NOT_LEADER_OR_FOLLOWER 5%` is an error for five requests of a hundred, `Fetch drop 1%` a broken connection, `Metadata delay
 * 200ms` what it says; without a share it is every request. Throws RangeError for what reads otherwise, and TypeError for an API or an
 * error that Kafka does not have.
 */
export function faultOf(text: string): ServedFault {
  const [api = '', what = '', ...rest] = text.trim().split(/\s+/);
  const [delay] = what === 'delay' ? rest.splice(0, 1) : [];
  const [share = '100%', ...more] = rest;
  const delayMs = /^(\d+)(ms|s)$/.exec(delay ?? '');
  const percent = /^\d+(\.\d+)?%$/.test(share) ? Number(share.slice(0, -1)) : 0;
  if (what === '' || more.length > 0 || !(percent > 0 && percent <= 100) || (what === 'delay' && delayMs === null))
    throw new RangeError(
      `'${text}' is not a fault: write it like Produce NOT_LEADER_OR_FOLLOWER 5%, Fetch drop 1%, or Metadata delay 200ms`,
    );
  checkApi(api);
  const act =
    delayMs !== null
      ? { delayMs: Number(delayMs[1]) * (delayMs[2] === 's' ? 1000 : 1) }
      : what === 'drop'
        ? what
        : { error: checkErrors([what as ErrorCode])[0]! };
  return { api: api as ApiName, act, percent };
}

/** Has it happen from now on. */
export function orderFault(
  cluster: MockCluster,
  { api, act, percent }: ServedFault,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): void {
  cluster.intercept(api, async (call) => {
    if (random() * 100 >= percent) return call.pass();
    if (act === 'drop') return call.drop();
    if ('error' in act) call.failures.add({}, () => act.error);
    else await new Promise<void>((resolve) => clock.setTimeout(resolve, act.delayMs, { background: true }));
    return call.pass();
  });
}
