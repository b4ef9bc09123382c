import { once } from 'node:events';
import { connect } from 'node:net';
import { MockCluster } from '@tskafka/testing';

const cluster = await MockCluster.start({ brokers: 1, topics: { one: 1 } });
const { brokers } = await cluster.listen();
const socket = connect(Number(brokers[0].split(':')[1]), '127.0.0.1');
// ApiVersions, version 0, correlation id 7, no client id.
socket.write(Buffer.from('0000000a0012000000000007ffff', 'hex'));
const [answer] = await once(socket, 'data');
socket.destroy();
await cluster.close();
console.log(answer.readInt32BE(4) === 7 ? 'ok' : `answered ${answer.toString('hex')}`);
