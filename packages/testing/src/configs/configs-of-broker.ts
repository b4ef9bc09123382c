import { controllerPort } from '../broker/quorum.ts';
import type { HandlerContext } from '../handler.ts';
import { logDirsOf } from '../topics/log-dirs.ts';
import type { BrokerConfigs } from './configs.ts';

/** The configuration of the broker that answers, with what only its own properties file says. */
export function configsOfBroker({ state, brokerId, session }: HandlerContext): BrokerConfigs {
  const { host, port } = session.addressOf(brokerId);
  const rack = state.brokers.get(brokerId)?.rack;
  const voters = [...state.brokers.keys()].map((id) => `${id}@${session.addressOf(id).host}:${controllerPort}`);
  return state.configs.with(brokerId, {
    'node.id': String(brokerId),
    'broker.id': String(brokerId),
    ...(rack !== undefined && { 'broker.rack': rack }),
    'process.roles': 'broker,controller',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': voters.join(','),
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'log.dirs': logDirsOf(state, brokerId).join(','),
  });
}
