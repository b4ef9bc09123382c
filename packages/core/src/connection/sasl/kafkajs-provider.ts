import { AuthenticationError, KafkaError } from '../../errors.ts';
import { formatAddress } from '../../transport.ts';
import type { SaslContext, SaslMechanism } from './mechanism.ts';

/** One step of a login as kafkajs has it. Both ways the bytes begin with their own length, as an int32. */
export interface KafkajsAuthenticateStep<Result> {
  readonly request: { encode(): Buffer | Promise<Buffer> };
  readonly response?: { decode(bytes: Buffer): unknown; parse(decoded: never): Result | Promise<Result> };
}

/** What kafkajs gives to an `authenticationProvider`. Its logger is silent here. */
export interface KafkajsProviderContext {
  readonly host: string;
  readonly port: number;
  readonly logger: KafkajsLogger;
  saslAuthenticate<Result>(step: KafkajsAuthenticateStep<Result>): Promise<Result | void>;
}

/** kafkajs' hook for a mechanism of one's own. */
export type KafkajsAuthenticationProvider = (context: KafkajsProviderContext) => { authenticate(): Promise<unknown> };

export interface KafkajsLogger {
  info(message: string, extra?: object): void;
  error(message: string, extra?: object): void;
  warn(message: string, extra?: object): void;
  debug(message: string, extra?: object): void;
  namespace(name: string): KafkajsLogger;
  setLogLevel(level: number): void;
}

const silent: KafkajsLogger = { info() {}, error() {}, warn() {}, debug() {}, namespace: () => silent, setLogLevel() {} };

/** A kafkajs `authenticationProvider` as a mechanism. */
export function fromKafkajs(name: string, provider: KafkajsAuthenticationProvider): SaslMechanism {
  return {
    name,
    async authenticate(context) {
      const { host, port } = context;
      // What the exchange rejected with: providers wrap it, and lose whether it can be tried again.
      let refused: unknown;
      const saslAuthenticate = async <Result>({ request, response }: KafkajsAuthenticateStep<Result>): Promise<Result | void> => {
        const bytes = withoutLength(await request.encode(), name, context);
        const answer = await context.exchange(bytes).catch((error: unknown) => {
          refused = error;
          throw error;
        });
        if (response === undefined) return;
        return response.parse((await response.decode(withLength(answer))) as never);
      };
      try {
        await provider({ host, port, logger: silent, saslAuthenticate }).authenticate();
      } catch (error) {
        if (refused !== undefined) throw refused as Error;
        context.signal.throwIfAborted();
        if (error instanceof KafkaError) throw error;
        // By its message alone, as in ask-provider.ts: a provider's error may hold what it signed with.
        const reason = error instanceof Error ? error.message : typeof error;
        throw new AuthenticationError(`${formatAddress(context)}: sasl.authenticationProvider failed: ${reason}`, { retriable: true });
      }
    },
  };
}

function withoutLength(encoded: Buffer, name: string, context: SaslContext): Buffer {
  if (Buffer.isBuffer(encoded) && encoded.length >= 4 && encoded.readInt32BE(0) === encoded.length - 4) return encoded.subarray(4);
  const what = 'request.encode() of sasl.authenticationProvider must return a Buffer that starts with its length';
  throw new AuthenticationError(`${formatAddress(context)}: SASL ${name}: ${what}`);
}

function withLength(bytes: Buffer): Buffer {
  const prefixed = Buffer.alloc(4 + bytes.length);
  prefixed.writeInt32BE(bytes.length, 0);
  bytes.copy(prefixed, 4);
  return prefixed;
}
