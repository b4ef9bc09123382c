import { Failure } from '../frame/failure.ts';

/** A partition was named that the topic does not have. */
export function noPartition(topic: string, count: number, partition: number): Failure {
  return new Failure(`${topic} has ${count === 1 ? 'partition 0 alone' : `partitions 0 to ${count - 1}`}, not ${partition}`, {
    code: 'NO_PARTITION',
    hint: `tskafka topic describe ${topic}`,
  });
}
