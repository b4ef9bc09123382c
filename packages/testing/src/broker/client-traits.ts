import type { HandlerContext, Session } from '../handler.ts';
import type { ClientTraits } from './telemetry-subscription.ts';

interface Software {
  readonly name: string;
  readonly version: string;
}

/** What clients said of themselves when they asked for the API versions (KIP-511). */
const softwareOf = new WeakMap<Session, Software>();

export function rememberSoftware(session: Session, software: Software): void {
  softwareOf.set(session, software);
}

export function traitsOf(clientInstanceId: string, { session, clientId }: HandlerContext): ClientTraits {
  const { name, version } = softwareOf.get(session) ?? { name: 'unknown', version: 'unknown' };
  return {
    client_instance_id: clientInstanceId,
    client_id: clientId ?? '',
    client_software_name: name,
    client_software_version: version,
    client_source_address: '127.0.0.1',
    client_source_port: '0',
  };
}
