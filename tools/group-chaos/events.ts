import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What happened to a partition, as the one that it happened to has written it down at that moment. */
export interface GroupEvent {
  /** By a clock that all programs of this machine share, in nanoseconds. */
  readonly at: number;
  /** Which run of which member; the witness for what it has seen at the coordinator. */
  readonly member: string;
  /**
   * `assigned`: the member may read it from now on; `revoked`, `lost`: not any more. `delivered`: the message at `offset` came out of the client;
   * `handled`: what is to be done with it is done. `committed`: the coordinator has `offset` as the next to read.
   */
  readonly kind: 'assigned' | 'revoked' | 'lost' | 'delivered' | 'handled' | 'committed';
  /** `topic-partition`. */
  readonly partition: string;
  readonly offset?: number;
  /** Of the value that was delivered; undefined for one that does not belong there. */
  readonly sequence?: number | undefined;
}

export const witnessName = 'witness';

export const now = (): number => Number(process.hrtime.bigint());

/** All that members have written into a folder. The last line of one that was killed may be half a line: of what stands there nothing was done yet. */
export async function readLedgers(folder: string): Promise<GroupEvent[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => {
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as GroupEvent);
  });
}
