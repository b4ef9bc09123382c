import { expect, it } from 'vitest';
import { BrokerError, CorruptRecordError, KafkaError, ProtocolError, SocketDisconnectedError } from './errors.ts';

it('an error is an instance of its own class and of those above it, and of no other', () => {
  const error = new CorruptRecordError('x');
  expect(error).toBeInstanceOf(CorruptRecordError);
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error).toBeInstanceOf(KafkaError);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(SocketDisconnectedError);
  expect(new KafkaError('x')).not.toBeInstanceOf(CorruptRecordError);
});

it('a copy of the class from another module is recognised by its brand', () => {
  const brand = Symbol.for('@tskafka/error/BrokerError');
  expect({ [brand]: true }).toBeInstanceOf(BrokerError);
  expect({}).not.toBeInstanceOf(BrokerError);
  expect(null as unknown).not.toBeInstanceOf(KafkaError);
});

it("a user's subclass has instances of its own only", () => {
  class Mine extends KafkaError {}
  expect(new Mine('x')).toBeInstanceOf(Mine);
  expect(new Mine('x')).toBeInstanceOf(KafkaError);
  expect(new KafkaError('x')).not.toBeInstanceOf(Mine);
});

it('has a name for the stack, and keeps the cause', () => {
  const cause = new Error('why');
  const error = new SocketDisconnectedError('gone', { cause, retriable: true });
  expect(String(error)).toBe('SocketDisconnectedError: gone');
  expect(error.cause).toBe(cause);
  expect(error.retriable).toBe(true);
});
