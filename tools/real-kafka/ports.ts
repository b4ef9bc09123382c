import { createServer } from 'node:net';

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

/** A port base whose ports are all free, found by trying some at random: several clusters may start at once. */
export async function freePortBase(nodes: number, secure: boolean): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const portBase = 10_000 + 10 * Math.floor(Math.random() * 2_100);
    if ((await takenPort(portBase, nodes, secure)) === undefined) return portBase;
  }
  throw new Error('no free ports between 10000 and 32000');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
