import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSecret, keyNames, keyOf, variableOf } from '../connect/keys.ts';
import { currentProfile, profileFile, profileFolder, profileNames, settingsOf } from '../connect/settings.ts';
import { command } from '../frame/command.ts';

/** `tskafka config list`: the profiles that there are. */
export const configList = command({
  examples: ['tskafka config list'],
  async run({ rows, world: { environment } }) {
    const current = currentProfile(environment);
    const found = profileNames(environment).map((profile) => ({ profile, chosen: profile === current }));
    const empty = `there are no profiles: a profile NAME is ${join(profileFolder(environment), 'NAME.properties')}`;
    await rows(
      [
        { name: 'profile', value: ({ profile }) => profile },
        { name: 'chosen', value: ({ chosen }) => chosen },
      ],
      found,
      { empty },
    );
  },
});

/** `tskafka config use`: the profile that is meant where none is named. */
export const configUse = command<object, [name: string | undefined]>({
  arguments: [['[name]', 'the profile; without it, there is no default profile']],
  examples: ['tskafka config use staging', 'tskafka config use'],
  run({ talk, world: { environment } }, _, name) {
    const folder = profileFolder(environment);
    const file = join(folder, 'current');
    if (name === undefined) {
      rmSync(file, { force: true });
      talk('there is no default profile');
    } else {
      profileFile(name, environment);
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${name}\n`);
      talk(`${name} is used where no other is named`);
    }
    return Promise.resolve();
  },
});

/** `tskafka config show`: what holds, and where it came from. */
export const configShow = command({
  examples: ['tskafka config show', 'tskafka config show -C prod'],
  async run({ rows, flags, world }) {
    const found = [...settingsOf(flags, world)].map(([key, { value, origin }]) => ({ key, value: isSecret(key) ? '***' : value, origin }));
    await rows(
      [
        { name: 'key', value: ({ key }) => key },
        { name: 'value', value: ({ value }) => value },
        { name: 'from', value: ({ origin }) => origin },
      ],
      found,
    );
  },
});

/** `tskafka config path`: where profiles are. */
export const configPath = command({
  examples: ['ls $(tskafka config path)'],
  async run({ show, world: { environment } }) {
    const path = profileFolder(environment);
    await show({ path }, () => `${path}\n`);
  },
});

/** `tskafka config keys`: what may stand in a profile. */
export const configKeys = command({
  examples: ['tskafka config keys'],
  async run({ rows }) {
    await rows(
      [
        { name: 'name', value: ({ name }) => name },
        { name: 'meansKey', value: ({ key }) => key },
        { name: 'variable', value: ({ key }) => variableOf(key) },
      ],
      keyNames.map((name) => ({ name, key: keyOf(name)! })),
    );
  },
});
