import * as core from '@tskafka/core';
import * as protocol from '@tskafka/core/protocol';
import '@tskafka/core/internal';

console.log(core.KafkaError === protocol.KafkaError ? 'ok' : 'one class, two copies');
