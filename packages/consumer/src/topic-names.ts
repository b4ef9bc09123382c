import { shown } from '@tskafka/core/internal';

/** Checks a list of topics, and gives each once. `orElse` says what may stand in its place. Throws TypeError. */
export function topicNames(topics: unknown, orElse = ''): string[] {
  if (Array.isArray(topics) && topics.length > 0 && topics.every((name) => typeof name === 'string' && name !== ''))
    return [...new Set(topics as string[])];
  throw new TypeError(`topics must be a list of names, such as ['orders'],${orElse} not ${shown(topics)}`);
}
