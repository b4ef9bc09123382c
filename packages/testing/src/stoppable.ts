/** Something that lasts until it is stopped, also by `using`. */
export interface Stoppable {
  stop(): void;
  [Symbol.dispose](): void;
}

/** The same, if stopping takes a while. */
export interface AsyncStoppable {
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function stoppable(stop: () => void): Stoppable {
  return { stop, [Symbol.dispose]: stop };
}
