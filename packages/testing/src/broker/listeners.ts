import { type BrokerAddress, formatAddress } from '@tskafka/core/protocol';
import type { SaslServer } from '../sasl/sasl-server.ts';
import type { Broker } from './broker.ts';
import type { Listener } from './connection.ts';
import type { Endpoint } from './memory-transport.ts';
import { type ListenOptions, TcpListener } from './tcp-listener.ts';

const inProcessPort = 9092;

/** How clients reach a cluster: from within this process, and by TCP listeners. */
export class Listeners {
  readonly #brokers: ReadonlyMap<number, Broker>;
  readonly #inProcess: Listener;
  readonly #tcpListeners = new Set<TcpListener>();
  #closed = false;

  constructor(brokers: ReadonlyMap<number, Broker>, newSaslServer: () => SaslServer | undefined) {
    this.#brokers = brokers;
    this.#inProcess = { name: 'in process', addressOf: (id) => ({ host: `mock-${id}`, port: inProcessPort }), newSaslServer };
  }

  /** The addresses of the brokers within this process. */
  get addresses(): string[] {
    return [...this.#brokers.keys()].map((id) => formatAddress(this.#inProcess.addressOf(id)));
  }

  /** Looks up an address within this process. */
  readonly at = ({ host, port }: BrokerAddress): Endpoint => {
    const broker = [...this.#brokers.values()].find(({ id }) => this.#inProcess.addressOf(id).host === host);
    if (broker === undefined) return { kind: 'unknown' };
    if (port !== inProcessPort || !broker.accepts) return { kind: 'refused' };
    if (broker.network.blackhole) return { kind: 'silent' };
    return { kind: 'open', accept: (wire) => broker.accept(this.#inProcess, wire) };
  };

  /** Opens a port for each broker, and returns their addresses. */
  async listen(options: ListenOptions, newSaslServer: () => SaslServer | undefined): Promise<string[]> {
    if (this.#closed) throw new Error('the cluster is closed');
    const listener = new TcpListener(options, newSaslServer);
    this.#tcpListeners.add(listener);
    for (const broker of this.#brokers.values()) await listener.open(broker);
    return [...this.#brokers.keys()].map((id) => formatAddress(listener.addressOf(id)));
  }

  /** Opens the ports of one broker. */
  async open(broker: Broker): Promise<void> {
    await Promise.all([...this.#tcpListeners].map((listener) => listener.open(broker)));
  }

  /** Closes the ports of one broker. Its connections stay. */
  async stop(brokerId: number): Promise<void> {
    await Promise.all([...this.#tcpListeners].map((listener) => listener.stop(brokerId)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#tcpListeners].map((listener) => listener.close()));
    this.#tcpListeners.clear();
  }
}
