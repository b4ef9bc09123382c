import type { SaslMechanism } from './mechanism.ts';

/** The login that kafkajs calls `aws`, for brokers with its plugin. Not MSK's IAM login, which signs a request and sends no key. */
export interface AwsLogin {
  readonly authorizationIdentity: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** SASL/AWS as kafkajs speaks it: the four fields, parted by NUL. */
export function aws({ authorizationIdentity, accessKeyId, secretAccessKey, sessionToken = '' }: AwsLogin): SaslMechanism {
  return {
    name: 'AWS',
    async authenticate(context) {
      await context.exchange(Buffer.from([authorizationIdentity, accessKeyId, secretAccessKey, sessionToken].join('\0')));
    },
  };
}
