/** What a real cluster takes its time for, in milliseconds of the cluster's clock. What is left out takes none. */
export interface Realism {
  /**
   * Each broker hears of a topic that a client has created at a moment of its own within so long, and says UNKNOWN_TOPIC_OR_PARTITION until
   * then. Topics that the test creates are known at once.
   */
  readonly topicCreationMs?: number;
  /** A broker that has begun to coordinate groups or transactional ids answers COORDINATOR_LOAD_IN_PROGRESS for so long. */
  readonly coordinatorLoadMs?: number;
  /** A request and its answer take so long on their way. */
  readonly rttMs?: number;
  /** And up to so much more, at random. */
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
