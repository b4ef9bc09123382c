import type { Socket } from 'node:net';
import type { BrokerAddress } from '@tskafka/core/protocol';
import { settled } from '../soon.ts';
import type { BrokerConnection } from './connection.ts';
import { MemorySocket } from './memory-socket.ts';
import type { Endpoint } from './memory-transport.ts';

/** What kafkajs says when it wants a socket. `ssl` is not looked at: nothing leaves the process. */
export interface SocketRequest extends BrokerAddress {
  readonly ssl?: unknown;
  readonly onConnect: () => void;
}

/** Makes sockets that reach the mock without a port: kafkajs' `socketFactory`. */
export interface SocketFactory {
  (request: SocketRequest): Socket;
  /** Answers the fetches that wait on this factory's connections with what is there now, for a client that is about to stop. */
  endPolls(): void;
}

export function socketFactory(endpointOf: (address: BrokerAddress) => Endpoint): SocketFactory {
  const connections = new Set<BrokerConnection>();
  const open = ({ host, port, onConnect }: SocketRequest): Socket =>
    new MemorySocket({ host, port }, endpointOf({ host, port }), (connection) => {
      connections.add(connection);
      connection.onClose(() => connections.delete(connection));
      onConnect();
    }).asSocket();
  const endNow = (): void => {
    for (const connection of connections) connection.endPolls();
  };
  const endPolls = (): void => {
    endNow();
    // A fetch may have been on its way.
    void settled().then(endNow);
  };
  return Object.assign(open, { endPolls });
}
