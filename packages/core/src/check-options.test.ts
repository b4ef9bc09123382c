import { describe, expect, it } from 'vitest';
import { checkOptions, duration, shown, wholeNumber } from './check-options.ts';
import { parseBrokers, resolveClientOptions } from './options.ts';

const known = ['consumerGroup', 'autoOffsetReset', 'brokers', 'ssl'];

describe('checkOptions', () => {
  it.each([
    [{ consumergroup: 'x' }, "Thing has no option 'consumergroup'; did you mean 'consumerGroup'?"],
    [{ auto_offset_reset: -1 }, "Thing has no option 'auto_offset_reset'; did you mean 'autoOffsetReset'?"],
    [{ broker: 'x' }, "Thing has no option 'broker'; did you mean 'brokers'?"],
    [{ somethingElse: 1 }, "Thing has no option 'somethingElse'"],
    [{ groupId: 'x' }, "Thing has no option 'groupId'; did you mean 'consumerGroup'?"],
    [{ 'bootstrap.servers': 'x' }, "Thing has no option 'bootstrap.servers'; did you mean 'brokers'?"],
    [{ enable_idempotence: true }, "Thing has no option 'enable_idempotence'"],
    [undefined, 'Thing needs options, as an object'],
    [['a:9092'], 'Thing needs options, as an object'],
  ])('refuses %o', (options, message) => {
    expect(() => checkOptions('Thing', options, known)).toThrow(new TypeError(message));
  });

  it('takes what it knows', () => {
    expect(() => checkOptions('Thing', { ssl: true, brokers: 'a:1' }, known)).not.toThrow();
  });
});

describe('the values of options', () => {
  it.each([0, -1, Number.NaN, '5' as never])('a duration is not %s', (value) => {
    expect(() => duration('lingerMs', value, 1)).toThrow(RangeError);
  });

  it.each([1.5, 0, 11, Number.NaN])('a whole number from 1 to 10 is not %s', (value) => {
    expect(() => wholeNumber('partitions', value, 1, 10)).toThrow('partitions must be a whole number from 1 to 10');
  });
});

describe('a value in an error', () => {
  it.each([
    ['3000', "'3000'"],
    [5n, '5n'],
    [Number.NaN, 'NaN'],
    [null, 'null'],
    [{ offset: 5n }, '{"offset":"5n"}'],
    [() => 1, 'a function'],
  ])('%o is shown as %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});

describe('brokers', () => {
  it.each([
    [
      'a:9092,b:9093',
      [
        { host: 'a', port: 9092 },
        { host: 'b', port: 9093 },
      ],
    ],
    [' a:9092 , ', [{ host: 'a', port: 9092 }]],
    [
      ['a:9092', 'b:9093'],
      [
        { host: 'a', port: 9092 },
        { host: 'b', port: 9093 },
      ],
    ],
    ['[::1]:9092', [{ host: '::1', port: 9092 }]],
  ])('%o is understood', (brokers, expected) => {
    expect(parseBrokers(brokers)).toEqual(expected);
  });

  it.each(['', 'localhost', 'localhost:', 'localhost:0', 'localhost:70000', '::1:9092', 'kafka://a:9092', 9092 as never, null as never])(
    '%o is refused',
    (brokers) => {
      expect(() => parseBrokers(brokers)).toThrow(TypeError);
    },
  );
});

describe('pauses', () => {
  const pauses = (options: object) => {
    const { retryBackoff, reconnectBackoff } = resolveClientOptions({ brokers: 'a:1', ...options });
    return [retryBackoff.initialMs, retryBackoff.maxMs, reconnectBackoff.initialMs, reconnectBackoff.maxMs];
  };

  it.each([
    [{}, [100, 1000, 50, 1000]],
    [{ unavailableTimeoutMs: 200 }, [50, 50, 50, 50]],
    [{ unavailableTimeoutMs: 100 }, [25, 25, 25, 25]],
    [{ unavailableTimeoutMs: 200, retryBackoffMaxMs: 500, reconnectBackoffMaxMs: 500 }, [100, 500, 50, 500]],
  ])('with %o there are several attempts before a call gives up', (options, expected) => {
    expect(pauses(options)).toEqual(expected);
  });

  it('the first is never above the longest', () => {
    expect(() => pauses({ retryBackoffMs: 300, retryBackoffMaxMs: 200 })).toThrow(
      'retryBackoffMs (300) must not be above retryBackoffMaxMs (200)',
    );
  });
});
