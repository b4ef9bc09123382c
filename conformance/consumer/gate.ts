export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

/** Somebody waits at it until somebody else opens it. */
export function gate(): Gate {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
