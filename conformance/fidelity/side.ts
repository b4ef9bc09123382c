import { apis } from '@tskafka/core/protocol';
import type { Transport } from '@tskafka/core/protocol';
import { addressOf } from '../address.ts';
import type { Broker } from '../broker.ts';
import { mockLogin, startMock } from '../mock.ts';
import { tcpTransport } from '../../packages/testing/src/target/tcp-transport.ts';
import { Wire } from '../wire.ts';

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** Where the brokers of a side are reached, in the order of their ids. */
interface Doors {
  readonly addresses: readonly string[];
  readonly transport: Transport;
  /** By TCP, and with a login. None where the cluster has one node. */
  readonly withSasl: readonly string[];
}

/** One of the two clusters that are compared. */
export class Side {
  readonly name: 'kafka' | 'mock';
  /** The APIs that it offers, by their keys. */
  readonly ranges: ReadonlyMap<number, ApiRange>;
  readonly #doors: Doors;

  static async open(name: 'kafka' | 'mock', doors: Doors): Promise<Side> {
    const wire = await Wire.connect(doors.transport, addressOf(doors.addresses[0]!));
    const { apiKeys } = await wire.send(apis.apiVersions, 4, client);
    wire.close();
    return new Side(name, new Map(apiKeys.map((range) => [range.apiKey, range])), doors);
  }

  private constructor(name: 'kafka' | 'mock', ranges: ReadonlyMap<number, ApiRange>, doors: Doors) {
    this.name = name;
    this.ranges = ranges;
    this.#doors = doors;
  }

  /** A new connection to this node: 1, 2, ... */
  connect(node: number): Promise<Wire> {
    return Wire.connect(this.#doors.transport, addressOf(this.#doors.addresses[node - 1]!));
  }

  /** A new connection to this node that has to log in. */
  connectToLogIn(node: number): Promise<Wire> {
    return Wire.connect(tcpTransport, addressOf(this.#doors.withSasl[node - 1]!));
  }

  /** The ids of its brokers. */
  get nodes(): number[] {
    return this.#doors.addresses.map((_, i) => i + 1);
  }

  offers(key: number, version: number): boolean {
    const range = this.ranges.get(key);
    return range !== undefined && version >= range.minVersion && version <= range.maxVersion;
  }
}

export async function realSide(broker: Broker): Promise<Side> {
  const withSasl = broker.nodes === 1 ? [] : await broker.withSasl();
  const doors = {
    addresses: broker.bootstrap.split(','),
    transport: tcpTransport,
    withSasl: withSasl.map(({ host, port }) => `${host}:${port}`),
  };
  return Side.open('kafka', doors);
}

/** The mock, set up as the real cluster is. Three nodes are a secure cluster. */
export async function mockSide(nodes: number): Promise<Side> {
  const mock = await startMock(nodes);
  const withSasl = nodes === 1 ? [] : (await mock.listen({ sasl: mockLogin })).brokers;
  return Side.open('mock', { addresses: mock.brokers, transport: mock.transport, withSasl });
}

const client = { clientSoftwareName: 'conformance', clientSoftwareVersion: '1.0' };
