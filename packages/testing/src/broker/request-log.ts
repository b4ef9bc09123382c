import { type Stoppable, stoppable } from '../stoppable.ts';
import type { ApiName, RequestOf, ResponseOf } from '../api-name.ts';

/** A request that reached a broker. */
export interface LoggedRequest<Name extends ApiName = ApiName> {
  readonly api: Name;
  readonly version: number;
  readonly broker: number;
  readonly clientId: string | null;
  /** Numbers the cluster's connections, from 1 on. */
  readonly connection: number;
  /** Who sent it, such as `User:alice`; `User:ANONYMOUS` for those who have not said who they are. */
  readonly principal: string;
  readonly correlationId: number;
  /** When it arrived, on the cluster's clock. */
  readonly at: number;
  readonly request: RequestOf<Name>;
  /** The answer, once it was given. */
  response: ResponseOf<Name> | undefined;
}

/** Chooses requests. What is left out matches all. */
export interface RequestFilter<Name extends ApiName = ApiName> {
  readonly api?: Name;
  readonly broker?: number;
  readonly clientId?: string;
}

interface Watcher {
  readonly filter: RequestFilter;
  readonly callback: (request: LoggedRequest) => void;
}

/** Bytes of requests that are kept at most. */
const mostBytes = 64 * 1024 * 1024;

/** The newest requests of a cluster: some thousands, but not those of a whole benchmark. */
export class RequestLog {
  readonly #capacity: number;
  #entries: LoggedRequest[] = [];
  /** The size of each entry's frame, which its decoded request is a view of. */
  #sizes: number[] = [];
  #bytes = 0;
  readonly #watchers = new Set<Watcher>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(entry: LoggedRequest, frameBytes: number): void {
    this.#entries.push(entry);
    this.#sizes.push(frameBytes);
    this.#bytes += frameBytes;
    // Dropping many now and then is cheaper than shifting at each request.
    if (this.#entries.length > this.#capacity * 2) this.#keep(this.#capacity);
    else if (this.#bytes > mostBytes) this.#keep(Math.floor(this.#entries.length / 2));
    for (const { filter, callback } of this.#watchers) if (matches(entry, filter)) callback(entry);
  }

  entries<Name extends ApiName>(filter: RequestFilter<Name> = {}): LoggedRequest<Name>[] {
    return this.#entries.slice(-this.#capacity).filter((entry) => matches(entry, filter)) as unknown as LoggedRequest<Name>[];
  }

  #keep(count: number): void {
    const dropped = this.#entries.length - count;
    this.#entries = this.#entries.slice(dropped);
    this.#sizes = this.#sizes.slice(dropped);
    this.#bytes = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Calls `callback` with each request that matches, until it is stopped. */
  watch<Name extends ApiName>(filter: RequestFilter<Name>, callback: (entry: LoggedRequest<Name>) => void): Stoppable {
    const watcher: Watcher = { filter, callback: callback as unknown as Watcher['callback'] };
    this.#watchers.add(watcher);
    return stoppable(() => this.#watchers.delete(watcher));
  }
}

function matches(entry: LoggedRequest, { api, broker, clientId }: RequestFilter): boolean {
  return (
    (api === undefined || entry.api === api) &&
    (broker === undefined || entry.broker === broker) &&
    (clientId === undefined || entry.clientId === clientId)
  );
}
