import { createRequire } from 'node:module';

/** A package out of the folder where the peers are installed (peers.ts). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- their types are not installed here
export function peer(name: string): any {
  return createRequire(process.env['TSKAFKA_PEERS']!)(name);
}
