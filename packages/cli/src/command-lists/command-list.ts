import type { Command } from '../frame/command.ts';

/** A command's line in the list of all: what it is called, what it does, and where it is. */
export interface CommandEntry {
  /** `topics`, or `topic create` for one below another. */
  readonly path: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** Accepted, but not listed. */
  readonly hidden?: boolean;
  /** For one below another: what the other does without a name of one of its commands. `topic orders` is `topic describe orders`. */
  readonly isDefault?: boolean;
}

/** The commands that the help shows under one heading. */
export interface CommandList {
  readonly heading: string;
  /** What those with commands below them are for. */
  readonly parents?: Readonly<Record<string, string>>;
  readonly commands: readonly CommandEntry[];
}
