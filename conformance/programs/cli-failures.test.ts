import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith, tskafka } from './tskafka.ts';
import { within } from './within.ts';

/** Beyond the start of Node. */
const atOnceMs = 1000;

describe('tskafka says at once what is wrong', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => void server.close()));

  /** A port that does this with whoever connects. */
  async function port(greet: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      greet(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' ? address!.port : 0}`;
  }

  const commands = ['topics', 'consume orders', 'produce orders', 'tail orders', 'groups', 'lag billing'];

  it.each(commands)('%s: nothing listens', async (args) => {
    const { stdout, stderr, code } = await within(atOnceMs, () => tskafka(args, { brokers: '127.0.0.1:1', input: 'x\n' }));
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    expect(stderr).toMatch(
      /^error: cannot reach Kafka at 127\.0\.0\.1:1\ncause: nothing listens there.*\nhint: {2}.*tskafka doctor -b 127\.0\.0\.1:1\n$/,
    );
  });

  it('a host that does not resolve', async () => {
    const { stderr, code } = await within(atOnceMs, () => tskafka('topics -b nosuchhost.invalid:9092'));
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error: cannot reach Kafka at nosuchhost\.invalid:9092\ncause: the (host name|name server).*\nhint: /);
  });

  it('one address of two that is dead does no harm', async () => {
    const { code } = await tskafka('topics', { brokers: `127.0.0.1:1,${await broker.overTcp()}` });
    expect(code).toBe(0);
  });

  it('a plain client at a TLS port', async () => {
    const tlsPort = await port((socket) => socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))));
    const { stderr, code } = await within(atOnceMs, () => tskafka(`topics -b ${tlsPort}`));
    expect({ stderr, code }).toEqual({
      stderr: `error: ${tlsPort} speaks TLS\ncause: it answered with a TLS alert\nhint:  add --tls\n`,
      code: 4,
    });
  });

  it('a TLS client at a plain port', async () => {
    const { stderr, code } = await within(atOnceMs, () => tskafka('topics --tls'));
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error: cannot speak TLS with .*\ncause: .*\nhint: {2}leave --tls off, or use the TLS port\n$/);
  });

  it('a port that closes at the first request', async () => {
    const silent = await port((socket) => socket.once('data', () => socket.end()));
    const { stderr, code } = await tskafka(`topics -b ${silent}`);
    expect(code).toBe(4);
    expect(stderr).toMatch(
      new RegExp(`^error: ${silent} closed the connection on the first request\ncause: .*\nhint: {2}add --tls; or log in with --sasl`),
    );
  });

  it('a port that never answers', async () => {
    const silent = await port(() => {});
    const { stderr, code } = await tskafka(`topics -b ${silent}`);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error: cannot reach Kafka at .*\ncause: no answer within 3000 ms/);
  });

  it('a web server', async () => {
    const web = await port((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const { stderr, code } = await within(atOnceMs, () => tskafka(`topics -b ${web}`));
    expect(code).toBe(4);
    expect(stderr).toMatch(/HTTP port/);
  });

  it.each([
    ['consume', 'consume'],
    ['tail', 'tail'],
    ['produce', 'produce'],
  ])('%s: an unknown topic, and the nearest that there is', async (_, name) => {
    const topic = await topicWith('x\n');
    const typo = `${topic.slice(0, -1)}_`;
    const { stdout, stderr, code } = await within(atOnceMs, () => tskafka(`${name} ${typo}`, { input: 'x\n' }));
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toBe(
      `error: topic ${typo} does not exist\nhint:  did you mean ${topic}? or create it: tskafka topic create ${typo} --execute\n`,
    );
    expect((await tskafka('topics')).stdout).not.toContain(typo);
  });

  it.each(['topic delete', 'topic describe', 'elect', 'configs describe topic', 'offsets'])(
    '%s: only who reads or writes is told how to make a topic',
    async (name) => {
      const { code, stderr } = await tskafka(`${name} ${broker.freshName('nowhere')}`);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^hint: {2}(did you mean .*|tskafka topics lists the topics)$/m);
      expect(stderr).not.toContain('topic create');
    },
  );

  it('an option of another tool: what it is here', async () => {
    expect(await tskafka('consume orders -e')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/hint: {2}consume stops at the end by itself/),
    });
    expect(await tskafka('--bootstrap-server x:1 topics')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/hint: {2}here it is -b$/m),
    });
    expect(await tskafka('topic alter orders --config retention.ms=1')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--set NAME=VALUE/),
    });
  });

  it('in JSON as one line, where the output is JSON', async () => {
    const { stdout, stderr, code } = await tskafka('topics --json -b 127.0.0.1:1');
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'NO_BROKERS',
        message: 'cannot reach Kafka at 127.0.0.1:1',
        cause: expect.any(String) as string,
        hint: expect.any(String) as string,
      },
    });
  });

  it.each([
    ['help consum', /^error: unknown command 'consum'\nhint: {2}did you mean consume\?/],
    ['consume', /^error: missing required argument 'topic'\nhint: {2}tskafka consume --help\n/],
    ['topic create', /^error: missing required argument .*\nhint: {2}tskafka topic create --help\n/],
    ['topics one two', /^error: too many arguments .*\nhint: {2}tskafka topics --help\n/],
    ['consum x', /^error: unknown command 'consum'\nhint: {2}did you mean consume\?/],
    ['consume x --ofset 3', /^error: unknown option '--ofset'\nhint: {2}did you mean --offset\?/],
    ['consume x -o yesterdya', /^error: -o yesterdya is not an offset\nhint: {2}did you mean @yesterday\?/],
    ['consume x -c many', /^error: -c many is not a whole number/],
    ['consume x --where vlaue.a>1', /^error: --where: there is no vlaue.*\nhint: {2}did you mean value\?/],
    ['consume x --format %x', /^error: -f: %x is not known\nhint: /],
    ['topics --output yaml', /^error: --output yaml is not known\nhint: {2}it may be table, json, ndjson, tsv/],
    ['topics -X bootstrap.server=x', /^error: -X bootstrap\.server is not known\nhint: {2}did you mean bootstrap\.servers\?/],
    ['topics -C nowhere', /^error: there is no profile nowhere\n/],
    ['topics -F /nowhere', /^error: \/nowhere cannot be read/],
    ['consume ( --regex', /^error: --regex: Invalid regular expression/],
    ['topics -b ,', /^error: -b names no broker\nhint: {2}such as -b kafka-1:9092/],
    ['topics --timeout soon', /^error: --timeout soon is not a time span/],
    ['topics --sasl plan --user me', /^error: --sasl plan is not known\nhint: {2}did you mean PLAIN\?/],
  ])('%s is refused, and nothing is done', async (args, message) => {
    const { stdout, stderr, code } = await tskafka(args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(message);
  });
});
