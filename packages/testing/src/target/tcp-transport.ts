import { connect } from 'node:net';
import type { Transport } from '@tskafka/core/protocol';

/** Plain TCP. The client's own transport is not ours to use: nothing of the client may be shared with what tests it. */
export const tcpTransport: Transport = {
  connect({ host, port }, events, signal) {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, signal });
      let failure: Error | undefined;
      socket.on('error', (error) => {
        failure = error;
        reject(error);
      });
      socket.on('data', (chunk: Buffer) => events.data(chunk));
      socket.on('drain', () => events.drain());
      socket.on('close', () => events.close(failure));
      socket.on('connect', () => {
        resolve({
          write: (chunks) => socket.write(Buffer.concat(chunks)),
          destroy: () => void socket.removeAllListeners('close').destroy(),
        });
      });
    });
  },
};
