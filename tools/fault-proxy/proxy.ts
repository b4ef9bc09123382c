import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { ApiName } from './api-keys.ts';
import { Link } from './link.ts';
import { type Rewrite, type Scope, type Strike, Strikes } from './strikes.ts';
import { type Direction, Weather } from './weather.ts';

/** Clients come to `port`, and are led to the node's own `target`. */
export interface Route {
  readonly node: number;
  /** 0 takes one that is free, which `port` tells. */
  readonly port: number;
  readonly target: number;
}

export interface ProxyOptions {
  /** Chooses jitter. Default Math.random. */
  readonly random?: () => number;
}

/** Ends a fault that lasts. */
export type Ending = () => void;

interface Way {
  readonly route: Route;
  /** Where the proxy listens, also again after a fault. */
  port: number;
  readonly weather: Weather;
  readonly links: Set<Link>;
  server: Server | undefined;
}

const host = '127.0.0.1';

/**
 * A network that fails on demand, between clients and a real cluster (or any other on this machine).
 *
 * It knows Kafka's frames: whole requests and responses can be dropped, which shows the two halves of every failure apart, before
 * and after the broker has done its work. Every verb takes a node, and means all of them without.
 *
 * @example
 * await using proxy = await FaultProxy.start(kafka.nodes.map((node) => ({ node, port: kafka.proxyPort(node), target: kafka.port('PROXIED', node) })));
 * proxy.dropResponse('Produce', { times: 3 });
 */
export class FaultProxy implements AsyncDisposable {
  readonly #ways: readonly Way[];
  readonly #strikes = new Strikes();
  readonly #random: () => number;
  #isClosed = false;

  private constructor(routes: readonly Route[], { random = Math.random }: ProxyOptions) {
    this.#ways = routes.map((route) => ({ route, port: route.port, weather: new Weather(), links: new Set(), server: undefined }));
    this.#random = random;
  }

  static async start(routes: readonly Route[], options: ProxyOptions = {}): Promise<FaultProxy> {
    const proxy = new FaultProxy(routes, options);
    await Promise.all(proxy.#ways.map((way) => proxy.#listen(way)));
    return proxy;
  }

  /** The connections that are open. */
  get connections(): number {
    return this.#ways.reduce((sum, { links }) => sum + links.size, 0);
  }

  /** Where the clients of this node come to. */
  port(node: number): number {
    return this.#waysTo(node)[0]!.port;
  }

  /** Breaks connections with RST: nobody knows what has arrived. */
  rst(node?: number): void {
    for (const link of this.#links(node)) link.rst();
  }

  /** Closes connections in good order. */
  fin(node?: number): void {
    for (const link of this.#links(node)) link.fin();
  }

  /** Ends the broker's side of connections only. */
  halfClose(node?: number): void {
    for (const link of this.#links(node)) link.halfClose();
  }

  /** Breaks the node's connections and takes no new ones (ECONNREFUSED) until the ending is called. */
  refuse(node?: number): Ending {
    const ways = this.#waysTo(node);
    for (const way of ways) {
      way.server?.close();
      way.server = undefined;
    }
    this.rst(node);
    return () => {
      for (const way of ways) if (way.server === undefined) void this.#listen(way);
    };
  }

  /** Takes connections and bytes, and lets none through: they arrive after the ending. */
  blackhole(direction: Direction | 'both', node?: number): Ending {
    const directions: Direction[] = direction === 'both' ? ['up', 'down'] : [direction];
    return this.#change(
      node,
      (weather) => directions.forEach((each) => weather.close(each)),
      (weather) => directions.forEach((each) => weather.open(each)),
    );
  }

  /** Each byte takes so much longer, in each direction. */
  latency(ms: number, jitterMs = 0, node?: number): Ending {
    return this.#change(
      node,
      (weather) => Object.assign(weather, { latencyMs: ms, jitterMs }),
      (weather) => Object.assign(weather, { latencyMs: 0, jitterMs: 0 }),
    );
  }

  /** No more bytes in a second, in each direction of each connection. */
  rate(bytesPerSecond: number, node?: number): Ending {
    return this.#change(
      node,
      (weather) => (weather.bytesPerSecond = bytesPerSecond),
      (weather) => (weather.bytesPerSecond = Infinity),
    );
  }

  /** Cuts whatever is written into pieces of so many bytes. */
  slice(bytes: number, node?: number): Ending {
    return this.#change(
      node,
      (weather) => (weather.sliceBytes = bytes),
      (weather) => (weather.sliceBytes = Infinity),
    );
  }

  /** Breaks the connection instead of handing on the next requests: the broker has not seen them. */
  dropRequest(api: ApiName, scope: Scope = {}): Strike {
    return this.#strikes.add('request', api, scope, { drop: true });
  }

  /** Breaks the connection instead of handing on the next responses: the broker has done what was asked. */
  dropResponse(api: ApiName, scope: Scope = {}): Strike {
    return this.#strikes.add('response', api, scope, { drop: true });
  }

  /** Holds the next responses back for so long, and with each what follows on its connection. */
  delayResponse(api: ApiName, ms: number, scope: Scope = {}): Strike {
    return this.#strikes.add('response', api, scope, { drop: false, delayMs: ms });
  }

  /** Hands on other requests than the next ones. A frame begins with its length, and its correlation id stays. */
  rewriteRequest(api: ApiName, rewrite: Rewrite, scope: Scope = {}): Strike {
    return this.#strikes.add('request', api, scope, { drop: false, rewrite });
  }

  /** Hands on other responses than the next ones. */
  rewriteResponse(api: ApiName, rewrite: Rewrite, scope: Scope = {}): Strike {
    return this.#strikes.add('response', api, scope, { drop: false, rewrite });
  }

  /** Ends every fault. */
  calm(): void {
    this.#strikes.clear();
    for (const way of this.#ways) {
      Object.assign(way.weather, { latencyMs: 0, jitterMs: 0, bytesPerSecond: Infinity, sliceBytes: Infinity });
      way.weather.open('up');
      way.weather.open('down');
      if (way.server === undefined) void this.#listen(way);
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const { server } of this.#ways) server?.close();
    this.rst();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #waysTo(node: number | undefined): Way[] {
    return this.#ways.filter(({ route }) => node === undefined || route.node === node);
  }

  #links(node: number | undefined): Link[] {
    return this.#waysTo(node).flatMap(({ links }) => [...links]);
  }

  #change(node: number | undefined, begin: (weather: Weather) => void, end: (weather: Weather) => void): Ending {
    const ways = this.#waysTo(node);
    for (const { weather } of ways) begin(weather);
    return () => {
      for (const { weather } of ways) end(weather);
    };
  }

  async #listen(way: Way): Promise<void> {
    if (this.#isClosed) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(way, socket));
    way.server = server;
    server.listen(way.port, host);
    await once(server, 'listening');
    way.port = (server.address() as AddressInfo).port;
  }

  #accept(way: Way, client: Socket): void {
    const { route, weather, links } = way;
    const target = { host, port: route.target };
    const options = { node: route.node, target, weather, strikes: this.#strikes, random: this.#random };
    const link: Link = new Link(client, options, () => links.delete(link));
    links.add(link);
  }
}
