import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { consumeCommand } from './commands/consume.ts';
import { groupsCommand } from './commands/groups.ts';
import { lagCommand } from './commands/lag.ts';
import { produceCommand } from './commands/produce.ts';
import { tailCommand } from './commands/tail.ts';
import { topicsCommand } from './commands/topics.ts';
import type { Output } from './output.ts';

/** The whole command. Errors are thrown: main.ts says what the process ends with. */
export function createProgram(output: Output): Command {
  const program = new Command('tskafka')
    .description('Produce to, consume from and look into Kafka')
    .version(packageJson.version)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      '\nExamples:\n  tskafka topics\n  echo hello | tskafka produce greetings\n  tskafka consume greetings\n  tskafka tail -n 5 greetings',
    );
  topicsCommand(program, output);
  produceCommand(program, output);
  consumeCommand(program, output);
  tailCommand(program, output);
  groupsCommand(program, output);
  lagCommand(program, output);
  return program;
}
