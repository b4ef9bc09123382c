import { protocolTargets } from './protocol-targets.ts';
import { recordTargets } from './record-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Everything of ours that decodes bytes from anywhere. */
export function allTargets(): FuzzTarget[] {
  return [...protocolTargets(), ...recordTargets()];
}
