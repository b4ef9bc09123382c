import type { ConfigDefinitions } from './config-definition.ts';
import { definitions } from './generated/definitions.ts';

export const topicConfigs: ConfigDefinitions = new Map(Object.entries(definitions.topic));

/** The names that are described, whether they are set or not. */
export function describedTopicConfigs(own: ReadonlyMap<string, string>): string[] {
  return [...topicConfigs].filter(([name, { internal }]) => internal !== true || own.has(name)).map(([name]) => name);
}
