import { UsageError } from '../frame/failure.ts';

/** Where a group is to go in a partition. */
export interface NewOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Reads what `offsets export` has written: lines of JSON, a list of JSON, or tab-separated lines. */
export function readOffsets(text: string, of: string): NewOffset[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return text.trimStart().startsWith('[')
    ? (parsed(text, of) as unknown[]).map((entry, i) => checked(entry, `${of}, entry ${i + 1}`))
    : lines.map((line, i) => checked(line.startsWith('{') ? parsed(line, `${of}, line ${i + 1}`) : ofTabs(line), `${of}, line ${i + 1}`));
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is no JSON: ${(error as Error).message}`);
  }
}

function ofTabs(line: string): unknown {
  const [topic, partition, offset] = line.split('\t');
  return { topic, partition: Number(partition), offset: Number(offset) };
}

function checked(entry: unknown, where: string): NewOffset {
  const { topic, partition, offset } = (entry ?? {}) as Partial<NewOffset>;
  const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof topic === 'string' && topic !== '' && isNumber(partition) && isNumber(offset)) return { topic, partition, offset };
  throw new UsageError(
    `${where} is no offset of a partition`,
    'it needs topic, partition and offset: tskafka offsets export GROUP --json writes them',
  );
}
