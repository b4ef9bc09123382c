import { AuthenticationError } from '../../errors.ts';
import { formatAddress } from '../../transport.ts';
import { currentSecret } from './ask-provider.ts';
import type { SaslMechanism, SecretSource } from './mechanism.ts';

/** SASL/PLAIN (RFC 4616): sends name and password as they are, so the connection should be TLS. */
export function plain(username: string, password: SecretSource): SaslMechanism {
  return {
    name: 'PLAIN',
    async authenticate(context) {
      const secret = await currentSecret('sasl.password', password, context);
      // NUL parts the fields: with one inside, the broker would read another name or password.
      if (secret.includes('\0')) throw new AuthenticationError(`${formatAddress(context)}: sasl.password has a NUL character`);
      await context.exchange(Buffer.from(`\0${username}\0${secret}`));
    },
  };
}
