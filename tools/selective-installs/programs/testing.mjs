import { MockCluster } from '@tskafka/testing';

const cluster = await MockCluster.start({ topics: { one: 1 } });
await cluster.close();
console.log('ok');
