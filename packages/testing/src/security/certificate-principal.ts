import type { TLSSocket } from 'node:tls';

/** Who a client is by its certificate, as Kafka names it; undefined when it has shown none, or none that counts. */
export function certificatePrincipal(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  return subject === undefined ? undefined : `User:${distinguishedName(subject as unknown as Subject)}`;
}

type Subject = Readonly<Record<string, string | readonly string[]>>;

/** A certificate's subject as RFC 2253 writes it: the other way round, with what could be mistaken escaped. */
export function distinguishedName(subject: Subject): string {
  const parts = Object.entries(subject).flatMap(([type, values]) => [values].flat().map((value) => `${type}=${escaped(value)}`));
  return parts.reverse().join(',');
}

function escaped(value: string): string {
  return value.replaceAll(/[,+"\\<>;]|^[# ]| $/g, (character) => `\\${character}`);
}
