import {
  AuthenticationError,
  BrokerError,
  KafkaError,
  NoBrokersAvailableError,
  ProtocolError,
  TimeoutError,
  UnsupportedVersionError,
} from '@tskafka/core';
import { exitCodes, Failure, UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import type { Login } from './client-options.ts';
import { type Asker, notAuthorized } from './not-authorized.ts';
import { Unreachable } from './watch.ts';

/** What is known of the cluster in which something failed. */
export interface AboutCluster {
  readonly brokers: readonly string[];
  readonly login: Login | undefined;
  readonly usesTls: boolean;
  /** We have shown a certificate, so the broker knows us by what stands in it. */
  readonly hasCertificate: boolean;
  /** The last connection that failed. */
  readonly lastFailure: Error | undefined;
  /** The names of the topics, or of what there is of them within half a second. */
  topics(): Promise<readonly string[]>;
}

/** What is known beside the error itself. */
export interface Circumstances extends AboutCluster {
  /** What the command does with topics and groups, and whether it was to change the cluster. */
  readonly command: Pick<Asker, 'needs' | 'needsOfGroup' | 'changes'>;
}

/** What holds before a command has connected to any. */
export const noCluster: AboutCluster = {
  ...{ brokers: ['localhost:9092'], login: undefined, usesTls: false, hasCertificate: false, lastFailure: undefined },
  topics: () => Promise.resolve([]),
};

/** The library's error as a person is told it: where, why, and what to type next. */
export async function explain(error: unknown, about: Circumstances): Promise<Failure> {
  if (error instanceof Failure) return error;
  if (error instanceof Unreachable) return unreachable(error, about);
  if (error instanceof AuthenticationError || error instanceof ProtocolError) return refused(error, about);
  if (error instanceof NoBrokersAvailableError) return new Failure(error.message, unreachableDetails(about));
  if (error instanceof BrokerError) return broker(error, about);
  if (error instanceof UnsupportedVersionError)
    return new Failure(error.message, {
      code: 'UNSUPPORTED_VERSION',
      hint: `tskafka doctor -b ${about.brokers[0]} says what this Kafka can do`,
    });
  if (error instanceof TimeoutError)
    return new Failure(error.message, {
      code: 'TIMEOUT',
      cause: about.lastFailure?.message,
      hint: `tskafka doctor -b ${about.brokers[0]}`,
    });
  if (error instanceof KafkaError) return new Failure(error.message, { code: 'KAFKA', cause: causeOf(error) });
  if (error instanceof TypeError || error instanceof RangeError) return new UsageError(error.message);
  const system = (error as NodeJS.ErrnoException | undefined)?.code;
  return new Failure(error instanceof Error ? error.message : String(error), {
    code: system ?? 'INTERNAL',
    hint: system === undefined ? 'this may be a mistake of tskafka; -vv shows where' : undefined,
  });
}

function unreachableDetails({ brokers }: Circumstances) {
  return {
    code: 'NO_BROKERS',
    hint: `is the broker running, and is this its address? try: tskafka doctor -b ${brokers[0]}`,
    exitCode: exitCodes.unreachable,
  };
}

function unreachable({ failures, advertised }: Unreachable, about: Circumstances): Failure {
  const entries = [...failures];
  if (advertised) {
    const named = entries.map(([address, why]) => `${address}: ${withoutAddress(address, why.message)}`).join('; ');
    return new Failure(`${about.brokers[0]} answers, but the addresses that the cluster gives for its brokers do not`, {
      code: 'ADVERTISED_LISTENERS',
      cause: named,
      hint: 'set advertised.listeners of the brokers to addresses that this machine can reach',
      exitCode: exitCodes.unreachable,
    });
  }
  const fatal = entries.map(([, why]) => why).find((why) => why instanceof AuthenticationError || why instanceof ProtocolError);
  if (fatal !== undefined) return refused(fatal, about);
  const [address, why] = entries[0]!;
  const reasons = new Set(entries.map(([at, { message }]) => withoutAddress(at, message)));
  const cause =
    reasons.size === 1 ? [...reasons][0]! : entries.map(([at, { message }]) => `${at}: ${withoutAddress(at, message)}`).join('; ');
  if (/TLS handshake/.test(why.message)) {
    const hint = 'leave --tls off, or use the TLS port';
    return new Failure(`cannot speak TLS with ${address}`, { code: 'TLS', cause, hint, exitCode: exitCodes.unreachable });
  }
  const silence = entries.length === 1 ? / was not ready within (\d+ ms)$/.exec(why.message)?.[1] : undefined;
  if (silence !== undefined) {
    const details = { ...unreachableDetails(about), cause: `no answer within ${silence}: a firewall that drops packets, or a busy broker` };
    return new Failure(`cannot reach Kafka at ${address}`, details);
  }
  if (/hung up|is disconnected/.test(why.message)) return hungUp(address, why, about);
  return new Failure(`cannot reach Kafka at ${entries.map(([at]) => at).join(', ')}`, { ...unreachableDetails(about), cause });
}

/** What ends a connection instead of answering wants a login, or TLS: which of them, the library says by when it was. */
function hungUp(address: string, { message }: Error, { login, usesTls, hasCertificate, brokers }: Circumstances): Failure {
  const details = { code: 'DISCONNECTED', exitCode: exitCodes.unreachable };
  const saidNothing = /before it said anything/.test(message);
  if (login !== undefined || (usesTls && hasCertificate)) {
    const cause = saidNothing ? 'it hung up before it said anything' : withoutAddress(address, message);
    return new Failure(`${address} closed the connection`, { ...details, cause, hint: `tskafka doctor -b ${brokers[0]}` });
  }
  const wayIn = 'log in with --sasl plain --user NAME (or scram-sha-256, scram-sha-512, oauthbearer)';
  const [cause, hint] = !saidNothing
    ? ['it hung up at the first request: it wants a login', wayIn]
    : usesTls
      ? [
          'it hung up before it said anything: it wants a certificate of ours, or a login',
          `--tls-cert FILE and --tls-key FILE give ours; or ${wayIn}`,
        ]
      : ['it hung up before it said anything: this may be a TLS port', 'add --tls; or log in with --sasl plain --user NAME'];
  return new Failure(`${address} closed the connection on the first request`, { ...details, cause, hint });
}

function withoutAddress(addresses: string | readonly string[], message: string): string {
  const first = [addresses].flat().find((address) => message.startsWith(`${address}: `));
  return first === undefined ? message : message.slice(first.length + 2);
}

/** Who we are, or how we speak, was refused. */
function refused(error: KafkaError | Error, { login, brokers }: Circumstances): Failure {
  const details = { code: error instanceof AuthenticationError ? 'AUTHENTICATION' : 'PROTOCOL', exitCode: exitCodes.unreachable };
  const where = brokers.join(', ');
  const { message } = error;
  if (/speaks TLS/.test(message))
    return new Failure(`${where} speaks TLS`, { ...details, code: 'TLS', cause: 'it answered with a TLS alert', hint: 'add --tls' });
  if (/does not speak TLS/.test(message))
    return new Failure(`cannot speak TLS with ${where}`, {
      ...details,
      code: 'TLS',
      cause: 'the answer is not TLS',
      hint: 'leave --tls off, or use the TLS port',
    });
  const offered = /does not offer the SASL mechanism (\S+): it offers (.*)$/.exec(message);
  if (offered !== null) {
    const first = offered[2]!.split(', ').find((name) => /^(PLAIN|SCRAM|OAUTH)/.test(name)) ?? 'plain';
    return new Failure(`${login?.user ?? 'nobody'} could not log in at ${where}`, {
      ...details,
      cause: `${offered[1]} is not enabled; the broker offers ${offered[2]}`,
      hint: `--sasl ${first.toLowerCase()}`,
    });
  }
  const login_ = /refused the SASL (\S+) login: (.*)$/.exec(message);
  if (login_ !== null) {
    const origin = login === undefined ? '' : `; it came from ${login.origin}`;
    return new Failure(`${login?.user ?? 'nobody'} could not log in at ${where}`, {
      ...details,
      cause: `${login_[2]} (${login_[1]})`,
      hint: `check --user and the password${origin}`,
    });
  }
  const own = withoutAddress(brokers, message);
  if (/certificate/.test(message)) {
    const hint = /known CA/.test(message)
      ? '--tls-ca FILE names the authority that signed it'
      : / is for .* not for /.test(message)
        ? '--tls-server-name NAME says which name to expect'
        : /client certificate|our certificate|lack of one/.test(message)
          ? '--tls-cert FILE and --tls-key FILE give ours'
          : /expired|not valid yet/.test(message)
            ? 'the brokers need a new one; look also at the clock of this machine'
            : `tskafka doctor -b ${brokers[0]}`;
    return new Failure(`no trust between ${where} and this client`, {
      ...details,
      code: 'CERTIFICATE',
      cause: own.replace(/: set ssl\.(?:ca|cert and ssl\.key)/, ''),
      hint,
    });
  }
  return new Failure(`${where} did not let us in`, { ...details, cause: own, hint: `tskafka doctor -b ${brokers[0]}` });
}

async function broker(error: BrokerError, about: Circumstances): Promise<Failure> {
  const { errorName, message } = error;
  const denied = notAuthorized(errorName, message, {
    user: about.login === undefined ? (about.hasCertificate ? undefined : 'ANONYMOUS') : about.login.user,
    ...about.command,
  });
  if (denied !== undefined) return denied;
  const topic = /(?:topic|Produce to) '([^']+)'/.exec(message)?.[1];
  const details = { code: errorName, cause: message.includes(errorName) ? undefined : errorName };
  switch (errorName) {
    case 'UNKNOWN_TOPIC_OR_PARTITION': {
      if (topic === undefined) return new Failure(message, { ...details, hint: 'tskafka topics lists those that exist' });
      const meant = didYouMean(topic, await about.topics());
      // Who reads or writes may want it made. Who looks at a topic, changes it or deletes it has mistyped its name.
      const isForMessages = about.command.needs === 'read' || about.command.needs === 'write';
      const create = isForMessages ? `create it: tskafka topic create ${topic} --execute` : undefined;
      const others = meant ?? 'tskafka topics lists those that exist';
      const hint = create === undefined ? others : `${others}${meant === undefined ? ';' : ' or'} ${create}`;
      return new Failure(`topic ${topic} does not exist`, { ...details, hint });
    }
    case 'TOPIC_ALREADY_EXISTS':
      if (topic === undefined || message.includes('lost')) return new Failure(message, details);
      return new Failure(`topic ${topic} exists already`, { code: errorName, cause: errorName, hint: `tskafka topic describe ${topic}` });
    case 'LEADER_NOT_AVAILABLE': {
      const [, name, partition] = /partition ([^/]+)\/(\d+)/.exec(message) ?? [];
      if (name === undefined) return new Failure(message, details);
      const others = about.command.needs === 'read' ? '; -p reads only those that you name' : '';
      return new Failure(`partition ${name}/${partition} has no leader`, {
        code: errorName,
        cause: `${errorName}: the brokers that have it are down`,
        hint: `tskafka topic describe ${name} shows which they are${others}`,
      });
    }
    case 'SECURITY_DISABLED':
      return new Failure('these brokers have no access rules', {
        code: errorName,
        cause: `${errorName}: no authorizer.class.name is set, and everybody may do everything`,
        hint: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer, on brokers and controllers, keeps them',
      });
    case 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED':
      return new Failure('delegation tokens are for those who have logged in, and not by a token', {
        code: errorName,
        cause: errorName,
        hint: '--sasl MECHANISM --user NAME, on a listener with SASL',
      });
    case 'DELEGATION_TOKEN_AUTH_DISABLED':
      return new Failure('these brokers have no delegation tokens', {
        code: errorName,
        cause: `${errorName}: no delegation.token.secret.key is set`,
      });
    case 'GROUP_ID_NOT_FOUND': {
      const group = /group '([^']*)'/.exec(message)?.[1];
      // The answer to an earlier attempt may have been lost: then the message says more.
      if (group === undefined || message.includes('lost')) return new Failure(message, details);
      return new Failure(`group ${group} does not exist`, {
        code: errorName,
        cause: errorName,
        hint: 'tskafka groups lists those that exist',
      });
    }
    case 'TRANSACTIONAL_ID_NOT_FOUND': {
      const id = /transactional id '([^']*)'/.exec(message)?.[1];
      if (id === undefined) return new Failure(message, details);
      return new Failure(`there is no transactional id ${id}`, { code: errorName, cause: errorName, hint: 'tskafka transactions lists those that are known' }); // prettier-ignore
    }
    case 'POLICY_VIOLATION':
      if (!message.startsWith('records of ')) return new Failure(message, details);
      return new Failure(message, {
        ...details,
        hint: 'a topic that is only compacted keeps its records: delete has to be in its cleanup.policy',
      });
    case 'INVALID_TOPIC_EXCEPTION':
      return new Failure(`${topic ?? 'this'} cannot be the name of a topic`, {
        ...details,
        hint: 'letters, digits, dots, underscores and hyphens, at most 249',
      });
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return new Failure(message, {
        ...details,
        hint: `tskafka configs describe topic ${topic ?? 'NAME'} shows max.message.bytes, the most that it takes`,
      });
    default:
      return new Failure(message, details);
  }
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined;
}
