import type { MemberIdentity } from './classic-member.ts';

/** What a coordinator writes of a classic group, and the next one finds: the last generation that was complete. */
export interface ClassicGroupMetadata {
  readonly generation: number;
  /** null where only offsets were ever kept. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string | null;
  readonly members: readonly (MemberIdentity & { readonly assignment: Uint8Array })[];
  /** When the group got into its state, in milliseconds since 1970. */
  readonly stateSince: number;
}
