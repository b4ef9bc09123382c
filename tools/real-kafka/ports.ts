import { createServer, type Server } from 'node:net';

/** What a node listens on. The last five come with `secure` only. */
export type Listener = 'PLAINTEXT' | 'PROXIED' | 'CONTROLLER' | 'SSL' | 'MTLS' | 'SASL_SSL' | 'SASL_PLAINTEXT';

/** Added to the port base, and the node's number to it. PROXIED advertises `proxyOffset` instead of its own port. */
const offsets: Readonly<Record<Listener, number>> = {
  PLAINTEXT: 0,
  SSL: 100,
  SASL_SSL: 200,
  SASL_PLAINTEXT: 300,
  PROXIED: 400,
  CONTROLLER: 600,
  MTLS: 700,
};
const proxyOffset = 500;

/** The command line's port base: node 1 is at 19091. It lies below the ports that outgoing connections take by chance. */
export const defaultPortBase = 19090;

export const host = '127.0.0.1';

export function listenersOf(secure: boolean): Listener[] {
  const open: Listener[] = ['PLAINTEXT', 'PROXIED', 'CONTROLLER'];
  return secure ? [...open, 'SSL', 'MTLS', 'SASL_SSL', 'SASL_PLAINTEXT'] : open;
}

export function portOf(listener: Listener, portBase: number, node: number): number {
  return portBase + offsets[listener] + node;
}

/** Where clients of PROXIED are sent: the place of a fault proxy. Nothing of this tool listens there. */
export function proxyPortOf(portBase: number, node: number): number {
  return portBase + proxyOffset + node;
}

/** The first port of the cluster that another program holds. */
export async function takenPort(portBase: number, nodes: number, secure: boolean): Promise<number | undefined> {
  for (let node = 1; node <= nodes; node++) {
    const ports = listenersOf(secure).map((listener) => portOf(listener, portBase, node));
    for (const port of [...ports, proxyPortOf(portBase, node)]) {
      if (!(await isFree(port))) return port;
    }
  }
  return undefined;
}

/** The listeners of a cluster lie a hundred ports apart, so ten clusters share a thousand, and no two of these bases have a port in common. */
const bases = Array.from({ length: 210 }, (_, i) => 10_000 + 1000 * Math.floor(i / 10) + 10 * (i % 10));

/**
 * A port base whose ports are all free, found by trying some at random. No node listens at the base itself: this program does, until it ends,
 * so that of two that start at once each has its own, the ports of fault proxies included, at which nobody listens yet.
 */
export async function freePortBase(nodes: number, secure: boolean): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const portBase = bases[Math.floor(Math.random() * bases.length)]!;
    const claim = await listenAt(portBase);
    if (claim === undefined) continue;
    if ((await takenPort(portBase, nodes, secure)) === undefined) {
      claim.unref();
      return portBase;
    }
    claim.close();
  }
  throw new Error('no free ports between 10000 and 32000');
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenAt(port);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** A server that takes the port; undefined when another one has it. */
function listenAt(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => resolve(server));
  });
}
