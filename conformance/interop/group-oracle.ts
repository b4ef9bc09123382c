import { broker } from '../broker.ts';

export interface DescribedOffset {
  readonly topic: string;
  readonly partition: number;
  /** What the group committed: the next offset to read. undefined: nothing. */
  readonly currentOffset: number | undefined;
  readonly logEndOffset: number | undefined;
  readonly lag: number | undefined;
}

/** What Kafka's own kafka-consumer-groups says of a group's offsets. */
export async function describeGroupOffsets(group: string): Promise<DescribedOffset[]> {
  const { stdout, stderr } = await broker.kafka!.tool('ConsumerGroupCommand', ['--describe', '--offsets', '--group', group]);
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const head = lines.findIndex((columns) => columns[0] === 'GROUP');
  if (head === -1) throw new Error(`ConsumerGroupCommand printed no table:\n${stdout}${stderr}`);
  const column = (name: string): number => lines[head]!.indexOf(name);
  const number = (text: string | undefined): number | undefined => (text === undefined || text === '-' ? undefined : Number(text));
  return lines
    .slice(head + 1)
    .filter((columns) => columns[0] === group)
    .map((columns) => ({
      topic: columns[column('TOPIC')]!,
      partition: Number(columns[column('PARTITION')]),
      currentOffset: number(columns[column('CURRENT-OFFSET')]),
      logEndOffset: number(columns[column('LOG-END-OFFSET')]),
      lag: number(columns[column('LAG')]),
    }));
}
