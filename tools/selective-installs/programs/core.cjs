const core = require('@tskafka/core');
const protocol = require('@tskafka/core/protocol');
require('@tskafka/core/internal');

console.log(core.KafkaError === protocol.KafkaError ? 'ok' : 'one class, two copies');
