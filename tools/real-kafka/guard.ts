import { openKafka } from './cluster.ts';

/**
 * Ends a cluster when the program that started it is gone, however it went: only this process reads the pipe whose other end
 * that program holds, so the pipe closes even on SIGKILL. Run as `node guard.ts FOLDER`.
 */
process.stdin.resume();
process.stdin.on('end', () => void end());

async function end(): Promise<void> {
  const cluster = await openKafka(process.argv[2]!).catch(() => undefined); // no folder: stopped already
  await cluster?.stop();
}
