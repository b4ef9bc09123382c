import { expect, it } from 'vitest';
import { type ProducerOptions, resolveProducerOptions } from './options.ts';
import { murmur2Partitioner } from './partitioner.ts';

it('has the defaults that are documented', () => {
  expect(resolveProducerOptions()).toEqual({
    acks: -1,
    idempotent: true,
    lingerMs: 0,
    batchBytes: 256 * 1024,
    maxBufferedBytes: 32 * 1024 * 1024,
    maxRequestBytes: 1024 * 1024,
    maxBlockMs: 60_000,
    blockOnQueueFull: true,
    deliveryTimeoutMs: 120_000,
    closeTimeoutMs: 5_000,
    compression: 'none',
    compressionLevel: undefined,
    topicCodecs: new Map(),
    partitioner: murmur2Partitioner,
    transactionalId: null,
    transactionTimeoutMs: 60_000,
    serialize: undefined,
    interceptors: [],
    onDelivery: undefined,
  });
});

it.each<[ProducerOptions, object]>([
  [{ acks: 'all' }, { acks: -1, idempotent: true }],
  [{ acks: 1 }, { acks: 1, idempotent: false }],
  [{ acks: 0 }, { acks: 0, idempotent: false }],
  [{ idempotent: false }, { acks: -1, idempotent: false }],
  [{ maxRequestBytes: 1000 }, { batchBytes: 1000 }],
  [{ compression: 'gzip' }, { compression: 'gzip', compressionLevel: undefined }],
  [{ compression: { codec: 'gzip', level: 9 } }, { compression: 'gzip', compressionLevel: 9 }],
  [{ compression: { codec: 'lz4', level: 17 } }, { compression: 'lz4', compressionLevel: 17 }],
  [{ compression: { codec: 'zstd', level: -131_072 } }, { compression: 'zstd', compressionLevel: -131_072 }],
  [{ compression: { codec: 'zstd', level: 22 } }, { compression: 'zstd', compressionLevel: 22 }],
])('takes %j', (options, resolved) => {
  expect(resolveProducerOptions(options)).toMatchObject(resolved);
});

it.each<[object, string]>([
  [{ lingerMS: 5 }, "Producer has no option 'lingerMS'; did you mean 'lingerMs'?"],
  [{ linger_ms: 5 }, "Producer has no option 'linger_ms'; did you mean 'lingerMs'?"],
  [{ zzz: 1 }, "Producer has no option 'zzz'"],
  [{ acks: 2 }, "acks must be 'all', -1, 0 or 1, not 2"],
  [{ acks: 1, idempotent: true }, "idempotent needs acks 'all', not 1"],
  [{ idempotent: 1 }, 'idempotent must be true or false, not 1'],
  [{ lingerMs: -1 }, 'lingerMs must be a number of milliseconds of at least 0, not -1'],
  [{ lingerMs: 200_000 }, 'lingerMs (200000) must be less than deliveryTimeoutMs (120000), or what lingers is given up'],
  [{ lingerMs: 100, deliveryTimeoutMs: 100 }, 'lingerMs (100) must be less than deliveryTimeoutMs (100)'],
  [{ batchBytes: 0 }, 'batchBytes must be a whole number from 1 to 1073741824, not 0'],
  [{ maxBlockMs: 0 }, 'maxBlockMs must be a number of milliseconds above 0, not 0'],
  [{ compression: 'brotli' }, "compression must be one of none, gzip, snappy, lz4, zstd, not 'brotli'"],
  [{ compression: 2 }, 'compression must be one of none, gzip, snappy, lz4, zstd, not 2'],
  [{ lingerMs: '5' }, "lingerMs must be a number of milliseconds of at least 0, not '5'"],
  [{ topicCompression: 'gzip' }, 'topicCompression must be an object with a compression for each topic, not gzip'],
  [{ topicCompression: { orders: 'brotli' } }, "compression must be one of none, gzip, snappy, lz4, zstd, not 'brotli'"],
  [{ topicCompression: { orders: { codec: 'gzip', level: 10 } } }, 'the level of gzip must be a whole number from 1 to 9, not 10'],
  [{ compression: null }, 'compression must be one of none, gzip, snappy, lz4, zstd, not null'],
  [{ compression: { codec: 'gzip', lvl: 1 } }, "compression has no option 'lvl'; did you mean 'level'?"],
  [{ compression: { codec: 'gzip', level: 'x' } }, "the level of gzip must be a whole number from 1 to 9, not 'x'"],
  [{ compression: { codec: 'gzip', level: 0 } }, 'from 1 to 9, not 0'],
  [{ compression: { codec: 'gzip', level: 10 } }, 'from 1 to 9, not 10'],
  [{ compression: { codec: 'lz4', level: 0 } }, 'from 1 to 17, not 0'],
  [{ compression: { codec: 'lz4', level: 18 } }, 'from 1 to 17, not 18'],
  [{ compression: { codec: 'zstd', level: -131_073 } }, 'from -131072 to 22, not -131073'],
  [{ compression: { codec: 'zstd', level: 23 } }, 'from -131072 to 22, not 23'],
  [{ compression: { codec: 'zstd', level: 1.5 } }, 'not 1.5'],
  [{ compression: { codec: 'snappy', level: 1 } }, "compression 'snappy' has no levels, but 1 was given"],
  [{ compression: { codec: 'none', level: 1 } }, "compression 'none' has no levels"],
  [{ serializer: { values: () => '' } }, "serializer has no option 'values'; did you mean 'value'?"],
  [{ interceptors: {} }, 'interceptors must be a list, not object'],
  [{ interceptors: [null] }, 'an interceptor must be an object, not null'],
  [{ interceptors: [{ onSend: true }] }, "an interceptor's onSend must be a function, not boolean"],
  [{ partitioner: 'murmur2' }, 'partitioner must be a function, not string'],
])('refuses %j', (options, message) => {
  expect(() => resolveProducerOptions(options as ProducerOptions)).toThrow(message);
});
