import { connect } from 'node:net';

/**
 * The ids of the brokers that the one at this port knows to be alive; undefined while it does not answer.
 *
 * A broker's port opens before the controller lets it serve, so a test that starts at once would see too few brokers.
 * This speaks Metadata version 1 by hand: the tool must not lean on the code that it is there to test.
 */
export function aliveBrokers(host: string, port: number): Promise<number[] | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const finish = (ids: number[] | undefined): void => {
      socket.destroy();
      resolve(ids);
    };
    socket.setTimeout(2000, () => finish(undefined));
    socket.on('error', () => finish(undefined));
    socket.on('close', () => finish(undefined));
    socket.on('connect', () => socket.write(metadataRequest));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) finish(brokerIds(received));
    });
  });
}

// length | api key 3 | version 1 | correlation id 0 | no client id | no topics
const metadataRequest = Buffer.from('0000000e 0003 0001 00000000 ffff 00000000'.replaceAll(' ', ''), 'hex');

function brokerIds(frame: Buffer): number[] {
  let at = 12; // behind the length, the correlation id and the number of brokers
  const ids: number[] = [];
  for (let left = frame.readInt32BE(8); left > 0; left--) {
    ids.push(frame.readInt32BE(at));
    at += 4;
    at += 2 + Math.max(frame.readInt16BE(at), 0); // host
    at += 4; // port
    at += 2 + Math.max(frame.readInt16BE(at), 0); // rack, which may be null (-1)
  }
  return ids;
}
