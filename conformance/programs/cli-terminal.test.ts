import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { atTerminal, ctrlC, ctrlD, terminalIsThere } from './terminal.ts';
import { topicWith, tskafka } from './tskafka.ts';

const escape = '\u001b';

describe.runIf(terminalIsThere)('tskafka at a terminal', () => {
  it('shows control characters of keys and values, and sends them to nobody but a pipe', async () => {
    const name = await topicWith(`k\u0007:a${escape}[31mred\u202e\n`, ' -K :');
    const { screen, code } = await atTerminal(['consume', name, '-k']);
    expect({ screen, code }).toEqual({ screen: 'k\\x07\ta\\x1b[31mred\\u202e\r\n', code: 0 });
    expect((await atTerminal(['consume', name, '-f', '%s\\n'])).screen).toBe('a\\x1b[31mred\\u202e\r\n');
    expect((await tskafka(`consume ${name}`)).stdout).toBe(`a${escape}[31mred\u202e\n`);
  });

  it('says of bytes that are no text how many they are', async () => {
    const name = await topicWith(Buffer.from([0xff, 0x00, 0x0a]));
    expect((await atTerminal(['consume', name])).screen).toBe('<2 bytes, base64 with --json>\r\n');
  });

  it('has colours, unless NO_COLOR or --color say otherwise; a pipe has none', async () => {
    const name = await topicWith('v\n');
    const dim = new RegExp(`^${escape}\\[2m0/0 .*${escape}\\[0mv`);
    expect((await atTerminal(['consume', name, '--meta'])).screen).toMatch(dim);
    expect((await atTerminal(['topics'])).screen).toContain(`${escape}[1mTOPIC`);
    expect((await atTerminal(['consume', name, '--meta'], { env: { NO_COLOR: '1' } })).screen).not.toContain(escape);
    expect((await atTerminal(['topics', '--color', 'never'])).screen).not.toContain(escape);
    expect((await tskafka(`consume ${name} --meta`, { env: { NO_COLOR: undefined } })).stdout).not.toContain(escape);
    expect((await tskafka(`consume ${name} --meta --color always`)).stdout).toMatch(dim);
    expect((await atTerminal(['consume', 'no-such-topic'])).screen).toContain(`${escape}[31merror:${escape}[0m topic no-such-topic`);
  });

  it('cuts a table at the width of the terminal', async () => {
    const { name } = await broker.createTopic({ name: broker.freshName('long'.repeat(30)) });
    const { screen } = await atTerminal(['topics', '--color', 'never']);
    expect(screen).toContain('longlonglong');
    expect(screen).not.toContain(name);
    for (const line of screen.split('\r\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('draws how far a long copy has come, with its rate and the time that is left, and takes the line away', async () => {
    const from = await topicWith('x\n'.repeat(120));
    const to = await topicWith('');
    const { screen, code } = await atTerminal(['copy', from, to, '--rate', '100']);
    expect(code).toBe(0);
    expect(screen).toMatch(/\r\u001b\[2Ksent [█·]{24} +\d+% {2}\d+\/120 {2}\d+\/s {2}\d+ s left/);
    expect(screen).toMatch(/\r\u001b\[2Kcopied 120 messages from /);
    expect((await atTerminal(['copy', from, to, '--rate', '100', '--no-progress'])).screen).not.toContain('s left');
  });

  it('produces what is typed until Ctrl-D', async () => {
    const name = await topicWith('');
    let step = 0;
    const { screen, code } = await atTerminal(['produce', name], {
      onScreen: (sofar, type) => {
        if (step === 0 && sofar.includes('Ctrl-D to finish')) {
          step++;
          type('typed\r');
        } else if (step === 1 && sofar.includes('typed\r\n')) {
          step++;
          type(ctrlD);
        }
      },
    });
    expect(code).toBe(0);
    expect(screen).toContain(`produced 1 message to ${name}`);
    expect((await tskafka(`consume ${name}`)).stdout).toBe('typed\n');
  });

  it('follows until Ctrl-C, says so, and ends with 130', async () => {
    const name = await topicWith('0\n');
    let isAsked = false;
    const { screen, code } = await atTerminal(['tail', '-f', name], {
      onScreen: (sofar, type) => {
        if (isAsked || !sofar.includes('Ctrl-C to stop')) return;
        isAsked = true;
        type(ctrlC);
      },
    });
    expect({ screen, code }).toEqual({ screen: '0\r\nCtrl-C to stop\r\n^C', code: 130 });
  });

  it('lag --watch draws over what it has drawn, until Ctrl-C', async () => {
    const topic = await topicWith('0\n1\n2\n');
    const group = broker.freshName('group');
    await tskafka(`consume ${topic} -G ${group} --commit`);
    await tskafka(`produce ${topic} -p 0`, { input: '3\n' });
    const drawn = `${escape}[H${escape}[2J`;
    let isAsked = false;
    const { screen, code } = await atTerminal(['lag', group, '--watch', '--every', '300ms'], {
      onScreen: (sofar, type) => {
        if (isAsked || sofar.split(drawn).length < 4) return;
        isAsked = true;
        type(ctrlC);
      },
    });
    expect(code).toBe(130);
    expect(screen).toContain(topic);
    expect(screen).toMatch(/ in all/);
  });
});
