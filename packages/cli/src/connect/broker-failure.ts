import type { BrokerError } from '@tskafka/core';
import { Failure } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import type { Circumstances } from './circumstances.ts';
import { namesInTime } from './names-in-time.ts';
import { notAuthorized } from './not-authorized.ts';

/** What a broker has answered, as a person is told it. */
export async function brokerFailure(error: BrokerError, about: Circumstances): Promise<Failure> {
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
      if (topic === undefined) return new Failure(message, { ...details, hint: 'tskafka topics lists the topics' });
      const meant = didYouMean(topic, await namesInTime(about.client, 'topics', topic));
      // Who reads or writes may want it made. Who looks at a topic, changes it or deletes it has mistyped its name.
      const isForMessages = about.command.needs === 'read' || about.command.needs === 'write';
      const create = isForMessages ? `create it: tskafka topic create ${topic} --execute` : undefined;
      const others = meant ?? 'tskafka topics lists the topics';
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
      return new Failure('delegation tokens need a login that is not by a token itself', {
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
        hint: didYouMean(group, await namesInTime(about.client, 'groups', group), 'tskafka groups lists the groups'),
      });
    }
    case 'RESOURCE_NOT_FOUND': {
      const user = /^user '([^']*)'/.exec(message)?.[1];
      if (user === undefined) return new Failure(message, details);
      return new Failure(`${user} has no SCRAM password`, { code: errorName, cause: errorName, hint: 'tskafka users lists who has one' });
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
