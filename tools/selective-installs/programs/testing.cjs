const { MockCluster } = require('@tskafka/testing');

async function main() {
  const cluster = await MockCluster.start({ topics: { one: 1 } });
  await cluster.close();
  console.log('ok');
}

main();
