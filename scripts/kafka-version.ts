/** The Kafka release whose message definitions, error table and Java codecs this repository is checked against. The one place that names it. */
export const kafkaVersion = '4.3.1';
