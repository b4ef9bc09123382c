import { AuthenticationError, type KafkaError, ProtocolError } from '@tskafka/core';
import { exitCodes, Failure } from '../frame/failure.ts';
import type { Circumstances } from './circumstances.ts';
import type { Unreachable } from './watch.ts';

/** No broker was reached at all. */
export function unreachableDetails({ doctor }: Circumstances) {
  return {
    code: 'NO_BROKERS',
    hint: `is the broker running, and is this its address? try: ${doctor}`,
    exitCode: exitCodes.unreachable,
  };
}

/** Nobody could be reached: why, by what each address said. */
export function unreachable({ failures, advertised }: Unreachable, about: Circumstances): Failure {
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
function hungUp(address: string, { message }: Error, { login, usesTls, hasCertificate, doctor }: Circumstances): Failure {
  const details = { code: 'DISCONNECTED', exitCode: exitCodes.unreachable };
  const saidNothing = /before it said anything/.test(message);
  if (login !== undefined || (usesTls && hasCertificate)) {
    const cause = saidNothing ? 'it hung up before it said anything' : withoutAddress(address, message);
    return new Failure(`${address} closed the connection`, { ...details, cause, hint: doctor });
  }
  const wayIn = 'log in with --sasl plain --user NAME (or scram-sha-256, scram-sha-512, oauthbearer)';
  const [cause, hint] = !saidNothing
    ? ['it hung up at the first request: it requires a login', wayIn]
    : usesTls
      ? [
          'it hung up before it said anything: it requires a client certificate, or a login',
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
export function refused(error: KafkaError | Error, { login, brokers, doctor }: Circumstances): Failure {
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
            : doctor;
    return new Failure(`no trust between ${where} and this client`, {
      ...details,
      code: 'CERTIFICATE',
      cause: own.replace(/: set ssl\.(?:ca|cert and ssl\.key)/, ''),
      hint,
    });
  }
  return new Failure(`${where} did not let us in`, { ...details, cause: own, hint: doctor });
}
