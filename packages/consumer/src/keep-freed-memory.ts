const bytes = 8 * 1024 * 1024;
let isDone = false;

/**
 * Has the C library keep what is freed, once for the process. Batches are freed many at a time, and glibc gives what is free at the end of its heap
 * back to the system from 128 KiB on: each page of the next ones then costs a fault. It learns from the longest piece that was ever freed, and
 * keeps up to twice as much from then on; so one is freed.
 */
export function keepFreedMemory(): void {
  if (isDone) return;
  isDone = true;
  // Nobody touches the memory, so there is none. Node.js 20 cannot free it at once, and learns later, from a long answer.
  (new ArrayBuffer(bytes) as { transfer?(length: number): unknown }).transfer?.(0);
}
