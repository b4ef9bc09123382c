import { accessCommands } from './command-lists/access-commands.ts';
import { clusterCommands } from './command-lists/cluster-commands.ts';
import type { CommandEntry, CommandList } from './command-lists/command-list.ts';
import { groupCommands } from './command-lists/group-commands.ts';
import { messageCommands } from './command-lists/message-commands.ts';
import { toolCommands } from './command-lists/tool-commands.ts';
import { topicCommands } from './command-lists/topic-commands.ts';

/** All commands, in the order of the help. */
export const commandLists: readonly CommandList[] = [
  messageCommands,
  topicCommands,
  groupCommands,
  clusterCommands,
  accessCommands,
  toolCommands,
];

export const commands: readonly CommandEntry[] = commandLists.flatMap((list) => list.commands);
