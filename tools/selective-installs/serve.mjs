// Serves a mock over TCP until its standard input ends. Prints where.
import { MockCluster } from '@tskafka/testing';

const cluster = await MockCluster.start({ brokers: 1, topics: { selective: 1 } });
const { brokers } = await cluster.listen();
console.log(brokers[0]);
process.stdin.on('end', () => void cluster.close()).resume();
