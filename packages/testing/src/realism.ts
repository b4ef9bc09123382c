/** Delays of a real cluster, in milliseconds of the cluster's clock. Default: none of them. */
export interface Realism {
  /**
   * Each broker learns about a topic that a client created at its own random moment within this time, and answers
   * UNKNOWN_TOPIC_OR_PARTITION until then. Topics that the test creates are known at once.
   */
  readonly topicCreationMs?: number;
  /** How long a new coordinator of groups or transactional ids answers COORDINATOR_LOAD_IN_PROGRESS. */
  readonly coordinatorLoadMs?: number;
  /** The round-trip time of a request and its answer. */
  readonly rttMs?: number;
  /** The most random time added to the round trip. */
  readonly jitterMs?: number;
}

const nothing: Required<Realism> = { topicCreationMs: 0, coordinatorLoadMs: 0, rttMs: 0, jitterMs: 0 };
/** `realism: true`: enough for a client to meet each of them, little enough for a test. */
const everything: Required<Realism> = { topicCreationMs: 50, coordinatorLoadMs: 50, rttMs: 1, jitterMs: 1 };

/** Fills in what was left out. Throws TypeError for a name that there is not, RangeError for a time that is none. */
export function resolveRealism(given: boolean | Realism = false): Required<Realism> {
  if (typeof given === 'boolean') return given ? everything : nothing;
  for (const [name, ms] of Object.entries(given)) {
    if (!(name in nothing)) throw new TypeError(`realism has no '${name}'; it has ${Object.keys(nothing).join(', ')}`);
    if (ms !== undefined && !(ms >= 0)) throw new RangeError(`realism.${name} must be a number of milliseconds, not ${String(ms)}`);
  }
  const said = Object.fromEntries(Object.entries(given).filter(([, ms]) => ms !== undefined));
  return { ...nothing, ...said };
}
