import type { PendingWork } from '../broker/connection.ts';
import type { LoggedRequest, RequestLog } from '../broker/request-log.ts';
import type { Activity } from './activity.ts';
import { hasRecords, isHeartbeat, isPoll } from './background.ts';
import { describeRequest } from './explain.ts';
import { clearRealTimeout, setRealTimeout } from './real-time.ts';
import type { Wait, WaitOptions } from './wait-until.ts';

export interface IdleOptions extends WaitOptions {
  /** For so many milliseconds of real time nothing may have happened: what a client does with an answer takes it a moment. Default 20. */
  readonly quietMs?: number;
}

/** What the cluster is asked for, and by whom. */
interface Observed {
  readonly connections: () => readonly { readonly pending: PendingWork }[];
  readonly requestLog: RequestLog;
  readonly activity: Activity;
  readonly wait: Wait;
}

/** Resolves once nothing is open, and has not been for a moment. */
export async function waitForIdle(observed: Observed, { quietMs = 20, ...options }: IdleOptions): Promise<void> {
  const { connections, requestLog, activity, wait } = observed;
  const openPolls = new Set<LoggedRequest>(
    connections().flatMap(({ pending: { request } }) => (request !== undefined && isPoll(request) ? [request] : [])),
  );
  let isQuiet = false;
  let quietTimer: ReturnType<typeof setRealTimeout> | undefined;
  const disturb = (): void => {
    isQuiet = false;
    clearRealTimeout(quietTimer);
    quietTimer = undefined;
  };
  const look = (): true | undefined => {
    for (const poll of openPolls) {
      if (poll.response === undefined) continue;
      openPolls.delete(poll);
      if (hasRecords(poll.response)) disturb();
    }
    if (connections().some(({ pending }) => isBusy(pending))) disturb();
    else if (isQuiet) return true;
    else {
      quietTimer ??= setRealTimeout(() => {
        isQuiet = true;
        activity.changed();
      }, quietMs);
    }
    return undefined;
  };
  using watching = requestLog.watch({}, (request) => {
    if (isPoll(request)) openPolls.add(request);
    else if (!isHeartbeat(request)) disturb();
    activity.changed();
  });
  void watching;
  try {
    await wait({ look, explain: () => explain(connections().map(({ pending }) => pending)) }, options);
  } finally {
    clearRealTimeout(quietTimer);
  }
}

function isBusy({ request, waitsForRecords, behind }: PendingWork): boolean {
  return behind > 0 || (request !== undefined && !waitsForRecords && !isHeartbeat(request));
}

function explain(pending: readonly PendingWork[]): string {
  const busy = pending.filter(isBusy);
  if (busy.length === 0) return 'the cluster is not idle: requests keep coming.';
  const open = busy.map(({ request, behind }) => {
    const waiting = behind > 0 ? [`${behind} more behind it`] : [];
    return [request === undefined ? 'bytes in transit' : describeRequest(request), ...waiting].join(', ');
  });
  return `the cluster is not idle. Still open: ${open.join('; ')}.`;
}
