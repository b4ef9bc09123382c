import { errorCodes, isRetriable, isStaleMetadata } from '@tskafka/core/protocol';

/**
 * What helps against an error of one partition in an answer to Fetch: ask again later, ask again with fresh metadata, find
 * another offset, or tell the reader, who may have to act (and ask again later all the same: permissions and disks get mended).
 */
export type Remedy = 'wait' | 'refresh' | 'reset' | 'report';

/** The remedy for an error code. */
export function remedyFor(errorCode: number): Remedy {
  if (errorCode === errorCodes.OFFSET_OUT_OF_RANGE) return 'reset';
  // The broker found that its own log is damaged. It is retriable, but the reader waits in vain for what is behind it.
  if (errorCode === errorCodes.CORRUPT_MESSAGE) return 'report';
  if (isStaleMetadata(errorCode)) return 'refresh';
  return isRetriable(errorCode) || errorCode === errorCodes.UNKNOWN_SERVER_ERROR ? 'wait' : 'report';
}
