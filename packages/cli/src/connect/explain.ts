import {
  AuthenticationError,
  BrokerError,
  KafkaError,
  NoBrokersAvailableError,
  ProtocolError,
  TimeoutError,
  UnsupportedVersionError,
} from '@tskafka/core';
import { Failure, UsageError } from '../frame/failure.ts';
import { brokerFailure } from './broker-failure.ts';
import type { Circumstances } from './circumstances.ts';
import { refused, unreachable, unreachableDetails } from './connection-failure.ts';
import { Unreachable } from './watch.ts';

/** The library's error as a person is told it: where, why, and what to type next. */
export async function explain(error: unknown, about: Circumstances): Promise<Failure> {
  if (error instanceof Failure) return error;
  if (error instanceof Unreachable) return unreachable(error, about);
  if (error instanceof AuthenticationError || error instanceof ProtocolError) return refused(error, about);
  if (error instanceof NoBrokersAvailableError) return new Failure(error.message, unreachableDetails(about));
  if (error instanceof BrokerError) return brokerFailure(error, about);
  if (error instanceof UnsupportedVersionError)
    return new Failure(error.message, {
      code: 'UNSUPPORTED_VERSION',
      hint: 'tskafka brokers versions says what this Kafka can do',
    });
  if (error instanceof TimeoutError)
    return new Failure(error.message, {
      code: 'TIMEOUT',
      cause: about.lastFailure?.message,
      hint: about.doctor,
    });
  if (error instanceof KafkaError) return new Failure(error.message, { code: 'KAFKA', cause: causeOf(error) });
  if (error instanceof TypeError || error instanceof RangeError) return new UsageError(error.message);
  const system = (error as NodeJS.ErrnoException | undefined)?.code;
  return new Failure(error instanceof Error ? error.message : String(error), {
    code: system ?? 'INTERNAL',
    hint: system === undefined ? 'this may be a mistake of tskafka; -vv shows where' : undefined,
  });
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined;
}
