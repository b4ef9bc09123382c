import * as module from 'node:module';
import { version } from './version.ts';

// A reader that has seen enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const typed = process.argv.slice(2);
if (typed.length === 1 && (typed[0] === '--version' || typed[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  // Since Node 22.1: what was compiled once is not compiled again.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { run } = await import('./frame/run.ts');
  await run(typed);
}
