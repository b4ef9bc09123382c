import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { connectionOf } from '../connect/client-options.ts';
import { settingsOf } from '../connect/settings.ts';
import { command } from '../frame/command.ts';
import { exitCodes, Failure } from '../frame/failure.ts';
import type { Context } from '../frame/context.ts';
import { counted } from '../terminal/counted.ts';

interface Step {
  readonly step: string;
  readonly where: string;
  readonly ok: boolean;
  readonly found: string;
  readonly hint?: string | undefined;
}

const patienceMs = 3000;

/** `tskafka doctor`: walks the way to the cluster, and says where it ends and how to mend it. */
export const doctor = command({
  examples: ['tskafka doctor -b kafka:9092', 'tskafka doctor -C prod'],
  notes:
    'It checks DNS, TCP, TLS, API versions, login and metadata, and then every address that the cluster advertises for its brokers.\nThe exit code is 0 if all is well, otherwise 4.',
  async run(context) {
    const { world, flags, rows, output, mode, connect } = context;
    const { options, login } = await connectionOf(settingsOf(flags, world), world);
    const steps: Step[] = [];
    const tls = options.ssl === undefined ? undefined : (options.ssl as ConnectionOptions);
    for (const address of options.brokers as readonly string[]) steps.push(...(await walk(address, tls)));
    let failure: Failure | undefined;
    if (steps.some(({ step, ok }) => (step === 'tls' || (tls === undefined && step === 'tcp')) && ok)) {
      try {
        const client = await connect();
        const who = login === undefined ? 'no login' : `logged in as ${login.user} by ${login.mechanism}`;
        steps.push({
          step: 'kafka',
          where: `cluster ${client.clusterId ?? '?'}`,
          ok: true,
          found: `${counted(client.brokers.length, 'broker')}, ${who}`,
        });
        const known = new Set(options.brokers);
        const others = client.brokers.filter(({ host, port }) => !known.has(`${host}:${port}`));
        const walked = await Promise.all(
          others.map(async ({ id, host, port }) =>
            (await walk(`${host}:${port}`, tls)).map((step) => ({ ...step, where: `broker ${id} at ${step.where}` })),
          ),
        );
        const hint =
          'its advertised.listeners names an address that this machine cannot reach; producers and consumers of its partitions will fail';
        steps.push(...walked.flat().map((step) => (step.ok ? step : { ...step, hint })));
      } catch (error) {
        failure = await context.explained(error);
        steps.push({
          step: 'kafka',
          where: (options.brokers as readonly string[]).join(','),
          ok: false,
          found: failure.why === undefined ? failure.message : `${failure.message}: ${failure.why}`,
          hint: failure.hint,
        });
      }
    }
    if (mode === 'table') for (const step of steps) await output.data(line(step, context));
    else await rows([{ name: 'step', value: ({ step }) => step }, { name: 'where', value: ({ where }) => where }, { name: 'ok', value: ({ ok }) => ok }, { name: 'found', value: ({ found }) => found }, { name: 'hint', value: ({ hint }) => hint }], steps); // prettier-ignore
    if (steps.every(({ ok }) => ok)) return;
    await output.flush();
    const bad = steps.find(({ ok }) => !ok)!;
    throw new Failure(told(bad), { code: 'UNHEALTHY', hint: bad.hint, exitCode: exitCodes.unreachable });
  },
});

/** What was found, and where, unless that says so itself. */
function told({ where, found }: Step): string {
  return found.startsWith(where) ? found : `${where}: ${found}`;
}

function line(of: Step, { output }: Context): string {
  const { step, ok, hint } = of;
  const mark = ok ? output.style('green', '✓') : output.style('red', '✗');
  return `${mark} ${step.padEnd(5)}  ${told(of)}\n${ok || hint === undefined ? '' : `         hint: ${hint}\n`}`;
}

/** Name, TCP and TLS of one address; it ends with the first that fails. */
async function walk(address: string, tls: ConnectionOptions | undefined): Promise<Step[]> {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address)!;
  const steps: Step[] = [];
  const attempt = async (step: string, hint: string, what: () => Promise<string>): Promise<boolean> => {
    const started = performance.now();
    try {
      const found = await what();
      steps.push({ step, where: address, ok: true, found: `${found} (${Math.round(performance.now() - started)} ms)` });
      return true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      steps.push({
        step,
        where: address,
        ok: false,
        found: code === undefined || message.includes(code) ? message : `${message} (${code})`,
        hint,
      });
      return false;
    }
  };
  const named = await attempt('name', 'is the name right? nslookup shows what the name server knows', async () => {
    return `resolves to ${(await lookup(host!, { all: true })).map((entry) => entry.address).join(', ')}`;
  });
  if (!named) return steps;
  const reached = await attempt('tcp', 'is the broker running, and is this its port? is there a firewall in between?', () =>
    opened(
      () => connectTcp({ host: host!, port: Number(port) }),
      'connect',
      () => 'connected',
    ),
  );
  if (!reached || tls === undefined) return steps;
  await attempt(
    'tls',
    '--tls-ca FILE names the authority, --tls-server-name NAME the name; leave --tls off where the port speaks plain text',
    () => {
      return opened(
        () => connectTls({ ...(isIP(host!) === 0 && { servername: host! }), ...tls, host: host!, port: Number(port) }),
        'secureConnect',
        (socket) => {
          const certificate = (socket as TLSSocket).getPeerCertificate();
          return `${(socket as TLSSocket).getProtocol() ?? 'TLS'}, certificate of ${String(certificate.subject?.CN ?? '?')}, ${validity(certificate.valid_to)}`;
        },
      );
    },
  );
  return steps;
}

/** `valid to 2027-02-01 (69 days)`. */
function validity(validTo: string): string {
  const end = Date.parse(validTo);
  const days = Math.floor((end - Date.now()) / 86_400_000);
  return `valid to ${new Date(end).toISOString().slice(0, 10)} (${counted(days, 'day')})`;
}

function opened(
  open: () => ReturnType<typeof connectTcp>,
  event: string,
  found: (socket: ReturnType<typeof connectTcp>) => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open();
    const timer = setTimeout(() => end(() => reject(new Error(`no answer within ${patienceMs / 1000} s`))), patienceMs);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
      socket.destroy();
    };
    socket.once(event, () => end(() => resolve(found(socket))));
    socket.on('error', (error) => end(() => reject(error)));
  });
}
