/** Something that decodes bytes from anywhere, and what to make hostile bytes from. */
export interface FuzzTarget {
  readonly name: string;
  /** Well-formed inputs. */
  readonly seeds: readonly Buffer[];
  /** Inputs that are well-formed for a sibling, such as another version of the same message. */
  readonly strangers?: readonly Buffer[];
  /** Returns a value or throws ProtocolError. Anything else is a finding. */
  decode(bytes: Buffer): unknown;
  /** Where a seed has lengths and counts. Mutations aim there. */
  lengths?(seed: Buffer): readonly LengthField[];
  /** Makes a mutated input pass the checks that would end the decoding early, such as a checksum. */
  repair?(bytes: Buffer): Buffer;
}

/** A length or count inside a seed. */
export interface LengthField {
  readonly at: number;
  readonly kind: 'int16' | 'int32' | 'varint';
}
