import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once `isTrue` gives true. A real Kafka does much after it has answered, and tells nobody when it is done. */
export async function until(what: string, isTrue: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(10)) {
    if (await isTrue()) return;
  }
  throw new Error(`${timeoutMs} ms have passed, and still not: ${what}`);
}
