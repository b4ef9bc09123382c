import type { LoggedRequest } from '../broker/request-log.ts';

/** Clients send these for as long as they live. */
const heartbeats: ReadonlySet<string> = new Set(['Heartbeat', 'ConsumerGroupHeartbeat', 'ShareGroupHeartbeat', 'PushTelemetry']);
const polls: ReadonlySet<string> = new Set(['Fetch', 'ShareFetch']);

export function isHeartbeat({ api }: LoggedRequest): boolean {
  return heartbeats.has(api);
}

/** A request that may wait for records. */
export function isPoll({ api }: LoggedRequest): boolean {
  return polls.has(api);
}

/** Whether a poll has got its client something to work on. */
export function hasRecords(response: unknown): boolean {
  const { responses } = response as { responses: { partitions: { records?: Buffer | null }[] }[] };
  return responses.some(({ partitions }) => partitions.some(({ records }) => (records?.length ?? 0) > 0));
}
