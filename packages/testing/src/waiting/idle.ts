import type { PendingWork } from '../broker/connection.ts';
import type { LoggedRequest, RequestLog } from '../broker/request-log.ts';
import type { Activity } from './activity.ts';
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

/** Clients send these for as long as they live. */
const background: ReadonlySet<string> = new Set(['Heartbeat', 'ConsumerGroupHeartbeat', 'ShareGroupHeartbeat', 'PushTelemetry']);
const polls: ReadonlySet<string> = new Set(['Fetch', 'ShareFetch']);

/** Resolves once nothing is open, and has not been for a moment. */
export async function waitForIdle(observed: Observed, { quietMs = 20, ...options }: IdleOptions): Promise<void> {
  const { connections, requestLog, activity, wait } = observed;
  const openPolls = new Set<LoggedRequest>(
    connections().flatMap(({ pending: { request } }) => (request !== undefined && polls.has(request.api) ? [request] : [])),
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
    if (polls.has(request.api)) openPolls.add(request);
    else if (!background.has(request.api)) disturb();
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
  return behind > 0 || (request !== undefined && !waitsForRecords && !background.has(request.api));
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

/** Whether a client has got something to work on. */
function hasRecords(response: unknown): boolean {
  const { responses } = response as { responses: { partitions: { records?: Buffer | null }[] }[] };
  return responses.some(({ partitions }) => partitions.some(({ records }) => (records?.length ?? 0) > 0));
}
