import { beforeAll, describe, expect, it } from 'vitest';
import { saslUser } from '../../tools/real-kafka/properties.ts';
import { broker } from '../broker.ts';
import { atTerminal, ctrlC, ctrlD, terminalIsThere } from '../programs/terminal.ts';

describe.runIf(terminalIsThere)('tskafka asks for a password at the terminal', () => {
  let brokers: string;
  beforeAll(async () => {
    brokers = (await broker.withSasl()).map(({ host, port }) => `${host}:${port}`).join(',');
  });

  /** Types this when it is asked, once. */
  async function answering(keys: string) {
    let isAsked = false;
    return atTerminal(['topics', '--sasl', 'plain', '--user', saslUser.username, '--color', 'never'], {
      env: { TSKAFKA_BROKERS: brokers, TSKAFKA_SASL_PASSWORD: undefined },
      onScreen: (screen, type) => {
        if (isAsked || !screen.includes(`password of ${saslUser.username}: `)) return;
        isAsked = true;
        type(keys);
      },
    });
  }

  it('and shows nothing of what is typed', async () => {
    const { screen, code } = await answering(`${saslUser.password}\r`);
    expect(code).toBe(0);
    expect(screen).toContain(`password of ${saslUser.username}: \r\n`);
    expect(screen).not.toContain(saslUser.password);
  });

  it('takes back what was mistyped', async () => {
    const { code } = await answering(`${saslUser.password}xy\u007f\u007f\r`);
    expect(code).toBe(0);
  });

  it('and a wrong one is told as one that was typed', async () => {
    const { screen, code } = await answering('wrong\r');
    expect(code).toBe(4);
    expect(screen).toContain('hint:  check --user and the password; it came from the terminal\r\n');
    expect(screen).not.toContain('wrong');
  });

  it('and leaves the terminal as it was: Ctrl-C still ends what comes then', async () => {
    const { name } = await broker.createTopic();
    let step = 0;
    const { screen, code } = await atTerminal(['tail', '-f', name, '--sasl', 'plain', '--user', saslUser.username], {
      env: { TSKAFKA_BROKERS: brokers, TSKAFKA_SASL_PASSWORD: undefined },
      onScreen: (sofar, type) => {
        if (step === 0 && sofar.includes('password of')) type(`${saslUser.password}\r`);
        else if (step === 1 && sofar.includes('Ctrl-C to stop')) type(ctrlC);
        else return;
        step++;
      },
    });
    expect({ screen, code }).toMatchObject({ screen: expect.stringContaining('^C') as string, code: 130 });
  });

  it.each([
    ['Ctrl-D', ctrlD, 2],
    ['Ctrl-C', ctrlC, 130],
  ])('%s gives up', async (_, keys, exitCode) => {
    const { code } = await answering(keys);
    expect(code).toBe(exitCode);
  });
});
