/** The keys of a configuration that mean something here: Java's, librdkafka's under the same name, and a few of our own. */
export const keys = [
  'bootstrap.servers',
  'client.id',
  'client.rack',
  'security.protocol',
  'sasl.mechanism',
  'sasl.username',
  'sasl.password',
  'sasl.password.env',
  'sasl.password.file',
  'sasl.password.command',
  'sasl.jaas.config',
  'sasl.tokenauth',
  'sasl.oauthbearer.token',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.secret',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.extensions',
  'ssl.ca.location',
  'ssl.ca.pem',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'ssl.key.password',
  'ssl.keystore.location',
  'ssl.keystore.type',
  'ssl.keystore.password',
  'ssl.server.name',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
  'request.timeout.ms',
  'socket.connection.setup.timeout.ms',
  'default.api.timeout.ms',
  'profile',
  'tskafka.protected',
  'tskafka.readonly',
] as const;

export type Key = (typeof keys)[number];

/** Other names for the same: librdkafka's, Java's and the client's own. */
const aliases: Readonly<Record<string, Key>> = {
  'metadata.broker.list': 'bootstrap.servers',
  brokers: 'bootstrap.servers',
  clientId: 'client.id',
  'sasl.mechanisms': 'sasl.mechanism',
  'ssl.truststore.location': 'ssl.ca.location',
  'ssl.truststore.certificates': 'ssl.ca.pem',
  'ssl.keystore.certificate.chain': 'ssl.certificate.pem',
  'ssl.keystore.key': 'ssl.key.pem',
  'ssl.cert.location': 'ssl.certificate.location',
  'socket.timeout.ms': 'request.timeout.ms',
  requestTimeoutMs: 'request.timeout.ms',
  connectionSetupTimeoutMs: 'socket.connection.setup.timeout.ms',
  'socket.connection.timeout.ms': 'socket.connection.setup.timeout.ms',
  apiTimeoutMs: 'default.api.timeout.ms',
  'rack.id': 'client.rack',
};

const known = new Set<string>(keys);

/** The key that a name stands for; undefined when it means nothing here. */
export function keyOf(name: string): Key | undefined {
  if (known.has(name)) return name as Key;
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}

export const keyNames: readonly string[] = [...keys, ...Object.keys(aliases)];

/** `sasl.password` is TSKAFKA_SASL_PASSWORD in the environment. */
export function variableOf(key: Key): string {
  return key === 'bootstrap.servers'
    ? 'TSKAFKA_BROKERS'
    : `TSKAFKA_${key
        .replace(/^tskafka\./, '')
        .replace(/\./g, '_')
        .toUpperCase()}`;
}

/** What must never be printed. */
export function isSecret(key: string): boolean {
  return /password$|secret$|key\.pem$|jaas|oauthbearer\.token$/.test(key);
}
