import { Failure } from '../frame/failure.ts';

/** Who asked, and for what. */
export interface Asker {
  /** As Kafka knows it; undefined when only the broker does. */
  readonly user: string | undefined;
  /** What the command does with topics, in Kafka's word for an access list: `read`. */
  readonly needs: string;
  /** And with groups. */
  readonly needsOfGroup: string;
  /** Whether the command was to change the cluster. */
  readonly changes: boolean;
}

const named: Readonly<Record<string, { readonly kind: string; readonly option: string; readonly name: RegExp }>> = {
  TOPIC_AUTHORIZATION_FAILED: {
    kind: 'topic',
    option: '--topic',
    name: /(?:topic|to|from|of) '([^']+)'|(?:of|in|partition) ([\w.-]+)\/\d+/,
  },
  GROUP_AUTHORIZATION_FAILED: { kind: 'group', option: '--group', name: /group '([^']+)'/ },
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: { kind: 'transactional id', option: '--transactional-id', name: /transaction '([^']+)'/ },
};

/** What somebody may not do, and the line with which an administrator allows it; undefined for any other error of Kafka's. */
export function notAuthorized(errorName: string, message: string, { user, needs, needsOfGroup, changes }: Asker): Failure | undefined {
  if (!errorName.endsWith('_AUTHORIZATION_FAILED')) return undefined;
  const who = user ?? 'this client';
  const principal = user === undefined ? 'NAME' : user;
  const allow = (operation: string, what: string): string =>
    `an administrator can allow it: tskafka acls create --principal ${quoted(`User:${principal}`)} --operation ${operation} ${what} --execute`;
  const resource = named[errorName];
  if (resource === undefined) {
    const operation = clusterOperation(message, changes);
    const what = errorName === 'CLUSTER_AUTHORIZATION_FAILED' ? `${describe(operation)} the cluster` : 'do this';
    return new Failure(`${who} may not ${what}`, { code: errorName, cause: shortened(message), hint: allow(operation, '--cluster') });
  }
  const { kind, option } = resource;
  const found = resource.name.exec(message);
  const name = found?.[1] ?? found?.[2];
  const ofTopic = /^Produce to /.test(message) ? 'write' : /^configurations of/.test(message) ? ofConfigs(changes) : needs;
  const operation = kind === 'topic' ? ofTopic : kind === 'group' ? needsOfGroup : 'write';
  return new Failure(`${who} may not ${describe(operation)} ${kind}${name === undefined ? '' : ` ${name}`}`, {
    code: errorName,
    cause: errorName,
    hint: allow(operation, `${option} ${name === undefined ? 'NAME' : quoted(name)}`),
  });
}

/** `write` as it is said of a thing: `write to`. */
function describe(operation: string): string {
  return operation === 'write' ? 'write to' : operation.replace(/Configs$/, ' the configurations of');
}

/** Kafka names the permission in some of its answers; else it is told by what was asked. */
function clusterOperation(message: string, changes: boolean): string {
  const said = /needs ([A-Z_]+) permission/.exec(message)?.[1];
  if (said !== undefined) return said.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return /configuration|quota/.test(message) ? ofConfigs(changes) : changes ? 'alter' : 'describe';
}

function ofConfigs(changes: boolean): string {
  return changes ? 'alterConfigs' : 'describeConfigs';
}

/** Without the insides of the broker that Kafka's text may have. */
function shortened(message: string): string {
  return message.replace(/, Request Request\(.*\) needs /, ', needs ').replace(/, (Request needs|Cluster authorization failed).*$/, '');
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w:.@%+=,/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
