import { UsageError } from '../frame/failure.ts';

/** Where a group is to go in a partition. */
export interface NewOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Whose offset it is; undefined in files that do not say. */
  readonly group?: string | undefined;
  /** Of a plan: what the group had committed there when it was made, and null for nothing. Undefined in files that are no plan. */
  readonly committed?: number | null | undefined;
}

/**
 * Reads what `offsets export` and `offsets reset --export` have written: lines of JSON, a list of JSON, or tab-separated lines; and the CSV of
 * kafka-consumer-groups.sh --export (topic, partition, offset, perhaps behind the group).
 */
export function readOffsets(text: string, of: string): NewOffset[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return text.trimStart().startsWith('[')
    ? (parsed(text, of) as unknown[]).map((entry, i) => checked(entry, `${of}, entry ${i + 1}`))
    : lines.map((line, i) => checked(line.startsWith('{') ? parsed(line, `${of}, line ${i + 1}`) : ofFields(line), `${of}, line ${i + 1}`));
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is no JSON: ${(error as Error).message}`);
  }
}

function ofFields(line: string): unknown {
  const fields = line.includes('\t') ? line.split('\t') : line.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  const [offset, partition, topic, group] = fields.toReversed();
  return { ...(group !== undefined && { group }), topic, partition: numberOf(partition), offset: numberOf(offset) };
}

/** Number('') is 0, and would be a partition. */
function numberOf(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
}

function checked(entry: unknown, where: string): NewOffset {
  const { topic, partition, offset, group, committed } = (entry ?? {}) as Partial<NewOffset>;
  const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  const isPlanned = committed === undefined || committed === null || isNumber(committed);
  const isGroup = group === undefined || typeof group === 'string';
  if (typeof topic === 'string' && topic !== '' && isNumber(partition) && isNumber(offset) && isPlanned && isGroup)
    return { topic, partition, offset, ...(group !== undefined && { group }), ...(committed !== undefined && { committed }) };
  throw new UsageError(
    `${where} is no offset of a partition`,
    'it needs topic, partition and offset: tskafka offsets export GROUP --json writes them',
  );
}
