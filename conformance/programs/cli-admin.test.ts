import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith, values } from '../consumer/fixture.ts';
import { until } from '../until.ts';
import { jsonLines, rowsOf, tskafka } from './tskafka.ts';

const planOnly = /^plan only, nothing was changed; this would /m;

describe('tskafka topics', () => {
  it('lists those that match, with what is in them', async () => {
    const { name } = await topicWith(values(0, 3), { prefix: 'listed', partitions: 2 });
    const { stdout } = await tskafka(`topics ${name.slice(0, -3)}* --tsv`);
    expect(stdout).toMatch(new RegExp(`^${name}\t2\t1\t3\t`, 'm'));
    expect((await rowsOf(`topics ${name}`))[0]).toEqual({
      ...{ topic: name, partitions: 2, replicas: 1, messages: 3 },
      ...{ id: expect.stringMatching(/^[\w-]{22}$/), internal: false },
    });
    expect(await rowsOf(`topics list ${name}`)).toEqual(await rowsOf(`topics ${name}`));
    expect(await tskafka(`topics ${broker.freshName('none')}`)).toMatchObject({
      stdout: '',
      code: 0,
      stderr: expect.stringMatching(/^no topic matches none-/),
    });
  });
});

describe('tskafka topic', () => {
  it('shows where partitions are, and what is configured', async () => {
    const { name } = await topicWith(values(0, 3), { configs: { 'retention.ms': '1234567' } });
    const { stdout, stderr, code } = await tskafka(`topic ${name}`);
    expect(stdout.split('\n')[0]).toMatch(/^TOPIC +PARTITION +LEADER +REPLICAS +ISR +ELR +BEGIN +END$/);
    expect(stdout.split('\n')[1]).toMatch(new RegExp(`^${name} +0 +(\\d) +\\1 +\\1 +- +0 +3$`));
    expect({ stderr, code }).toEqual({ stderr: `${name}: retention.ms=1234567\n`, code: 0 });
    expect(await rowsOf(`topic describe ${name}`)).toEqual([expect.objectContaining({ topic: name, partition: 0, begin: 0, end: 3 })]);
  });

  it('says that there is none, which one may be meant, and tells of the others', async () => {
    const { name } = await broker.createTopic({ prefix: 'orders' });
    const { stdout, stderr, code } = await tskafka(`topic ${name}x ${name} -q`);
    expect(code).toBe(1);
    expect(stdout).toContain(name);
    expect(stderr).toContain(`topic ${name}x does not exist`);
    expect(stderr).toContain(`did you mean ${name}?`);
  });

  it('creates topics only with --execute', async () => {
    const name = broker.freshName('made');
    const command = `topic create ${name} -p 3 --set cleanup.policy=compact`;
    const plan = await tskafka(command);
    expect(plan).toMatchObject({ code: 0, stderr: expect.stringMatching(planOnly) });
    expect(plan.stdout).toMatch(new RegExp(`^${name} +3 +the brokers' +cleanup.policy=compact +planned$`, 'm'));
    expect(await rowsOf(`topics ${name}`)).toEqual([]);
    expect((await tskafka(`${command} --execute`)).stdout).toMatch(/ done$/m);
    await broker.everyNodeKnows(name, 3);
    expect(await rowsOf(`topics ${name}`)).toEqual([expect.objectContaining({ topic: name, partitions: 3 })]);

    const again = await tskafka(`${command} --execute`);
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/ failed$/m);
    expect(again.stderr).toMatch(/TOPIC_ALREADY_EXISTS|already exists/);
    expect(await tskafka(`${command} --execute --if-not-exists`)).toMatchObject({ code: 0, stdout: '' });
  });

  it('alters partitions and configurations, and goes back to what holds without them', async () => {
    const { name } = await broker.createTopic({ configs: { 'retention.ms': '1234567' } });
    const command = `topic alter ${name} -p 2 --set max.message.bytes=7777 --set retention.ms=`;
    expect((await rowsOf(command)).map(({ what, from, to, status }) => [what, from, to, status])).toEqual([
      ['max.message.bytes', expect.any(String), '7777', 'planned'],
      ['retention.ms', '1234567', null, 'planned'],
      ['partitions', 1, 2, 'planned'],
    ]);
    expect(await tskafka(`${command} --execute`)).toMatchObject({ code: 0 });
    await broker.everyNodeKnows(name, 2);
    await until('it holds', async () => (await rowsOf(`configs topic ${name}`)).some((row) => row['value'] === '7777'));
    const own = (await rowsOf(`configs topic ${name}`)).filter((row) => row['source'] === 'dynamicTopic');
    expect(own.map((row) => row['name'])).toEqual(['max.message.bytes']);
    const wrong = await tskafka(`topic alter ${name} -p 3 --set retention.ms=long --execute`);
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringMatching(/partitions .* failed$/m) });
    expect(await rowsOf(`topics ${name}`)).toEqual([expect.objectContaining({ partitions: 2 })]);
  });

  it.each([
    ['--before 3', 3, 2],
    ['--before -1', 4, 1],
    ['--before end', 5, 0],
    ['--before 99', 5, 0],
  ])('trim %s', async (where, newBegin, left) => {
    const { name } = await topicWith(values(0, 5));
    expect(await rowsOf(`topic trim ${name} ${where}`)).toEqual([
      { topic: name, partition: 0, begin: 0, newBegin, end: 5, deleted: newBegin, status: 'planned', error: null },
    ]);
    expect((await rowsOf(`topics ${name}`))[0]).toMatchObject({ messages: 5 });
    expect(await tskafka(`topic trim ${name} ${where} --execute`)).toMatchObject({ code: 0 });
    expect((await rowsOf(`topics ${name}`))[0]).toMatchObject({ messages: left });
  });

  it.each([
    ['topic create', '', /^error: topic .* exists already\ncause: TOPIC_ALREADY_EXISTS\nhint: {2}tskafka topic describe /m],
    ['topic create', '-new -r 99', /INVALID_REPLICATION_FACTOR/],
    ['topic create', '-new --set retention.ms=long', /INVALID_CONFIG/],
    ['topic alter', ' -p 1', /INVALID_PARTITIONS/],
    ['topic alter', ' -p 3 --set retention.ms=long', /INVALID_CONFIG/],
    ['configs alter topic', ' --set retention.ms=long --set cleanup.policy=compact', /INVALID_CONFIG/],
  ])('%s TOPIC%s: the plan tells that brokers would refuse it', async (command, more, message) => {
    const { name } = await broker.createTopic({ partitions: 2 });
    const { stdout, stderr, code } = await tskafka(`${command} ${name}${more}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/ failed$/m);
    expect(stdout).not.toContain('planned');
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^plan only, nothing was changed$/m);
    expect(stderr.match(/^error: /gm)).toHaveLength(1);
  });

  it.each([
    'elect TOPIC:7',
    'reassign move TOPIC:0,7 --to 1',
    'topic trim TOPIC --before end -p 7',
    'consume TOPIC -p 7',
    'tail TOPIC -p 7',
    'produce TOPIC -p 7',
  ])('%s: there is no such partition', async (args) => {
    const { name } = await broker.createTopic({ partitions: 2 });
    const { stdout, stderr, code } = await tskafka(args.replace('TOPIC', name));
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: `error: ${name} has partitions 0 to 1, not 7\nhint:  tskafka topic describe ${name}\n`, code: 1 }); // prettier-ignore
  });

  it('deletes topics only with --execute', async () => {
    const { name } = await broker.createTopic();
    expect(await tskafka(`topic delete ${name}`)).toMatchObject({ code: 0, stderr: expect.stringMatching(planOnly) });
    expect(await rowsOf(`topics ${name}`)).toHaveLength(1);
    expect(await tskafka(`topic delete ${name} --execute`)).toMatchObject({ code: 0 });
    await until('it is gone', async () => (await rowsOf(`topics ${name}`)).length === 0);
    expect(await tskafka(`topic delete ${name} --execute`)).toMatchObject({ code: 1, stdout: '' });
  });

  it('deletes the topics that there are, and says which there is not', async () => {
    const [{ name }, none] = [await broker.createTopic(), broker.freshName('none')];
    const deleted = await tskafka(`topic delete ${none} ${name} --execute`);
    expect(deleted).toMatchObject({ code: 1, stderr: expect.stringContaining(`topic ${none} does not exist`) });
    expect(deleted.stdout).toMatch(new RegExp(`^${name} .* done$`, 'm'));
    await until('it is gone', async () => (await rowsOf(`topics ${name}`)).length === 0);
  });

  it.each([
    [
      'topic creat a',
      /^error: unknown command 'topic creat'\nhint: {2}did you mean topic create\? if not: tskafka topic describe creat a$/m,
    ],
    ['topics delete a', /^error: unknown command 'topics delete'\nhint: {2}did you mean topic delete\?$/m],
    ['acls crate --topic a', /^error: unknown command 'acls crate'\nhint: {2}did you mean acls create\?$/m],
    ['topic create a --set x', /--set x has no value/],
    ['topic alter a', /nothing to alter/],
    ['topic trim a', /--before is missing/],
    ['topic trim a --before yesterday', /yesterday is not an offset/],
    ['configs topics a', /topics has no configurations\nhint: {2}did you mean topic\?/],
    ['configs topic', /which topic\? its name is missing/],
    ['configs alter topic a', /nothing to change/],
    ['brokers unregister one', /one is not the id of a broker/],
    ['reassign move a', /--to is missing/],
    ['reassign move a --to 1,1', /--to 1,1 is no list of brokers/],
    ['elect --unclean', /--unclean needs the names of partitions/],
    ['features set group.version', /group.version is no feature and level/],
    ['quorum add 4 x --endpoint CONTROLLER=h:1', /x is not the id of a directory/],
    ['log-dirs move a:0', /--broker and --to are both needed/],
  ])('%s: exit code 2, before anything is asked', async (args, message) => {
    const { stdout, stderr, code } = await tskafka(args, { env: { TSKAFKA_BROKERS: '127.0.0.1:1' } });
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(message);
  });
});

describe('tskafka configs', () => {
  it('alters a list, and shows what is not as by default, or all with what it means', async () => {
    const { name } = await broker.createTopic();
    const command = `configs alter topic ${name} --append cleanup.policy=compact`;
    expect(await tskafka(command)).toMatchObject({ code: 0, stderr: expect.stringMatching(planOnly) });
    expect((await tskafka(`${command} --execute`)).stdout).toMatch(/append +delete +compact +done$/m);
    await until('it holds', async () => (await rowsOf(`configs topic ${name}`)).length > 0);
    expect(await rowsOf(`configs topic ${name}`)).toContainEqual({
      ...{ name: 'cleanup.policy', value: 'delete,compact', source: 'dynamicTopic' },
      ...{ type: 'list', sensitive: false, readOnly: false },
    });
    const all = await rowsOf(`configs topic ${name} --all --documentation`);
    expect(all.find((row) => row['name'] === 'retention.ms')!['documentation']).toMatch(/maximum time/);
    expect(await rowsOf('configs list topic')).toContainEqual({ type: 'topic', name });
    expect(await rowsOf('configs broker-logger 1')).toContainEqual(expect.objectContaining({ name: 'root' }));
  });
});

describe('tskafka topics --only', () => {
  it('shows the partitions of which something is true', async () => {
    const prefix = broker.freshName('health');
    const sick = await broker.createTopic({ prefix, configs: { 'min.insync.replicas': '2' } });
    await broker.createTopic({ prefix });
    const only = (what: string) => rowsOf(`topics ${prefix}* --only ${what}`);
    expect(await only('under-min-isr')).toEqual([
      {
        topic: sick.name,
        partition: 0,
        leader: expect.any(Number),
        replicas: [expect.any(Number)],
        isr: [expect.any(Number)],
        minIsr: 2,
        offline: [],
      },
    ]);
    expect((await only('at-min-isr')).map(({ topic }) => topic)).not.toContain(sick.name);
    expect(await tskafka(`topics ${prefix}* --only unavailable`)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no partition is unavailable\n',
    });
    expect(await tskafka('topics --only unhealthy')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('tskafka brokers, features, quorum, log-dirs', () => {
  it('tell of the cluster', async () => {
    const found = await rowsOf('brokers');
    expect(found.map((row) => row['id'])).toEqual(Array.from({ length: broker.nodes }, (_, i) => i + 1));
    expect(found[0]).toMatchObject({ port: expect.any(Number), fenced: false, kafka: '4.3', metadataVersions: '7-30' });
    expect(found.filter((row) => row['controller'])).toHaveLength(1);
    const [cluster] = await rowsOf('cluster');
    expect(cluster).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      brokers: broker.nodes,
      controller: expect.any(Number),
      metadataVersion: '4.3',
    });
    const versions = await tskafka('brokers versions 1 99 --json');
    expect(jsonLines(versions.stdout)).toContainEqual({ broker: 1, key: 3, api: 'Metadata', min: 0, max: 13 });
    expect(versions).toMatchObject({ code: 1, stderr: expect.stringContaining('broker 99 is not in the cluster') });
    expect(await rowsOf('features')).toContainEqual({ feature: 'group.version', level: 1, supported: { min: 0, max: 1 } });
    expect((await rowsOf('quorum')).filter((row) => row['role'] === 'leader')).toHaveLength(1);
    const dirs = await rowsOf('log-dirs --broker 1');
    expect(dirs[0]).toMatchObject({ broker: 1, path: expect.stringMatching(/^\//), error: null });
    const { name } = await topicWith(values(0, 2), { assignments: [[1]] });
    const [replica] = await rowsOf(`log-dirs ${name}`);
    expect(replica).toMatchObject({ topic: name, partition: 0, broker: 1, lag: 0, moving: false, path: expect.any(String) });
    expect(await tskafka(`log-dirs move ${name}:0 --broker 1 --to ${String(replica!['path'])} --execute`)).toMatchObject({
      code: 0,
      stdout: '',
    });
    const nowhere = await tskafka(`log-dirs move ${name}:0 --broker 1 --to /no/such --execute`);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('LOG_DIR_NOT_FOUND') });
  });

  it('refuse what the cluster does not take', async () => {
    expect(await tskafka('brokers unregister 99')).toMatchObject({ code: 0, stderr: expect.stringMatching(planOnly) });
    const unknown = await tskafka('brokers unregister 99 --execute');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('BROKER_ID_NOT_REGISTERED') });
    expect(await tskafka('features set group.version=1')).toMatchObject({ code: 0, stderr: 'the features have these levels already\n' });
    for (const more of ['', ' --execute'])
      expect(await tskafka(`features set group.version=99${more}`)).toMatchObject({ code: 1, stderr: expect.stringContaining('INVALID_UPDATE_VERSION') }); // prettier-ignore
    expect(await tskafka('features set group.vision=1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean group.version?'),
    });
    const vote = await tskafka('quorum remove 9 abcdefghijklmnopqrstuw --execute');
    expect(vote).toMatchObject({ code: 1, stderr: expect.stringContaining('UNSUPPORTED_VERSION') });
  });
});

describe('tskafka reassign and elect', () => {
  it('move partitions where they are told to', async () => {
    const { name } = await broker.createTopic({ assignments: [[1], [1]] });
    const command = `reassign move ${name}:1 --to ${broker.nodes}`;
    const plan = broker.nodes === 1 ? [] : [{ topic: name, partition: 1, from: [1], to: [broker.nodes], status: 'planned', error: null }];
    expect(await rowsOf(command)).toEqual(plan);
    expect(await tskafka(`${command} --execute`)).toMatchObject({ code: 0 });
    await until('it has moved', async () => {
      const replicas = (await rowsOf(`topic ${name}`)).map((row) => row['replicas']);
      return JSON.stringify(replicas) === JSON.stringify([[1], [broker.nodes]]);
    });
    await until('it is over', async () => (await rowsOf('reassign')).every((row) => row['topic'] !== name));
    expect(await tskafka(`reassign cancel ${name} --execute`)).toMatchObject({ code: 0, stderr: 'none of them is being moved\n' });
    expect(await tskafka(`elect ${name}`)).toMatchObject({ code: 0, stderr: 'the preferred replica already leads all of them\n' });
  });
});
