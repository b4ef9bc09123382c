import { apis } from '@tskafka/core/protocol';
import type { Transport } from '@tskafka/core/protocol';
import { MockCluster } from '@tskafka/testing';
import { testConfigs } from '../../tools/real-kafka/properties.ts';
import type { Broker } from '../broker.ts';
import { tcp } from '../tcp.ts';
import { Wire } from '../wire.ts';

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** One of the two clusters that are compared. */
export class Side {
  readonly name: 'kafka' | 'mock';
  /** The APIs that it offers, by their keys. */
  readonly ranges: ReadonlyMap<number, ApiRange>;
  readonly #addresses: readonly string[];
  readonly #transport: Transport;

  static async open(name: 'kafka' | 'mock', addresses: readonly string[], transport: Transport): Promise<Side> {
    const wire = await Wire.connect(transport, addressOf(addresses[0]!));
    const { apiKeys } = await wire.send(apis.apiVersions, 4, client);
    wire.close();
    return new Side(name, new Map(apiKeys.map((range) => [range.apiKey, range])), addresses, transport);
  }

  private constructor(name: 'kafka' | 'mock', ranges: ReadonlyMap<number, ApiRange>, addresses: readonly string[], transport: Transport) {
    this.name = name;
    this.ranges = ranges;
    this.#addresses = addresses;
    this.#transport = transport;
  }

  /** A new connection to this node: 1, 2, ... */
  connect(node: number): Promise<Wire> {
    return Wire.connect(this.#transport, addressOf(this.#addresses[node - 1]!));
  }

  /** The ids of its brokers. */
  get nodes(): number[] {
    return this.#addresses.map((_, i) => i + 1);
  }

  offers(key: number, version: number): boolean {
    const range = this.ranges.get(key);
    return range !== undefined && version >= range.minVersion && version <= range.maxVersion;
  }
}

export const realSide = (broker: Broker): Promise<Side> => Side.open('kafka', broker.bootstrap.split(','), tcp);

/** The mock, set up as the real cluster is, as far as it knows the settings. */
export async function mockSide(nodes: number): Promise<Side> {
  const configs: Record<string, string> = {};
  for (const [name, value] of Object.entries(testConfigs(nodes))) if (await isKnown(name, `${value}`)) configs[name] = `${value}`;
  const racks = Array.from({ length: nodes }, (_, i) => `r${i + 1}`);
  const mock = await MockCluster.start({ brokers: nodes, racks, configs });
  return Side.open('mock', mock.brokers, mock.transport);
}

async function isKnown(name: string, value: string): Promise<boolean> {
  try {
    await MockCluster.start({ brokers: 1, configs: { [name]: value } });
    return true;
  } catch {
    return false;
  }
}

const client = { clientSoftwareName: 'conformance', clientSoftwareVersion: '1.0' };

function addressOf(text: string): { host: string; port: number } {
  const [host, port] = text.split(':');
  return { host: host!, port: Number(port) };
}
