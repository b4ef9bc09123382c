import type { ProducerState } from '@tskafka/core';
import { expect, it } from 'vitest';
import { hanging } from './hanging.ts';

const open = (partition: number, producerId: number) => ({ topic: 't', partition, producer: { producerId } as ProducerState });
const listed = (transactionalId: string, producerId: number) => ({ transactionalId, producerId, state: 'Ongoing' }) as const;
const of = (...partitions: number[]) => ({ producerId: 7, partitions: partitions.map((partition) => ({ topic: 't', partition })) });

it.each<[string, Parameters<typeof hanging>, number[]]>([
  ['no coordinator knows the producer', [[open(0, 7)], [], new Map()], [0]],
  ['the coordinator knows the transaction', [[open(0, 7)], [listed('a', 7)], new Map([['a', of(0)]])], []],
  ['its transaction is elsewhere', [[open(0, 7), open(1, 7)], [listed('a', 7)], new Map([['a', of(1)]])], [0]],
  ['another producer has it', [[open(0, 8)], [listed('a', 7)], new Map([['a', of(0)]])], [0]],
  ['the id is gone meanwhile', [[open(0, 7)], [listed('a', 7)], new Map([['a', undefined]])], [0]],
])('%s', (_, given, partitions) => {
  expect(hanging(...given).map(({ partition }) => partition)).toEqual(partitions);
});
