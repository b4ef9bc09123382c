// Serves a mock over TCP until its standard input ends. Prints where.
import { MockCluster } from '@tskafka/testing';

const cluster = await MockCluster.start({ topics: { selective: 1 } });
console.log(await cluster.listen());
process.stdin.on('end', () => void cluster.close()).resume();
