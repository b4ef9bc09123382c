import { CommanderError } from 'commander';
import { exitCodes, explain } from './failure.ts';
import { processOutput } from './output.ts';
import { createProgram } from './program.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});

try {
  await createProgram(processOutput).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else {
    const { lines, exitCode } = explain(error);
    for (const line of lines) processOutput.talk(line);
    process.exitCode = exitCode;
  }
}
