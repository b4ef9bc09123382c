import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of Buffers that somebody still holds. What one collection finds is given back by a thread beside it, and counts until the next one. */
export async function heldBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await turn();
    collectGarbage();
  }
  return process.memoryUsage().arrayBuffers;
}
