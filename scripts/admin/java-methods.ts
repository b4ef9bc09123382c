import { readZip } from '../zip.ts';

const adminClass = 'org/apache/kafka/clients/admin/Admin.class';
const isPublic = 0x0001;

/** The public methods of Java's Admin, each name once, as the class file in the jar has them. */
export function javaAdminMethods(jar: string): string[] {
  const file = readZip(jar, (path) => path === adminClass).get(adminClass);
  if (file === undefined) throw new Error(`${jar} has no ${adminClass}`);
  return publicMethods(file);
}

/** How many bytes follow the tag of a constant; a text has a length instead. */
const constantBytes: Readonly<Record<number, number>> = {
  ...{ 3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4 },
  ...{ 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2 },
};

/** Reads as much of a class file (JVM specification, chapter 4) as it takes to get to the names of its methods. */
export function publicMethods(file: Buffer): string[] {
  if (file.readUInt32BE(0) !== 0xcafebabe) throw new Error('this is not a class file');
  let at = 8;
  const u2 = (): number => file.readUInt16BE((at += 2) - 2);
  const texts = new Map<number, string>();
  const constants = u2();
  for (let i = 1; i < constants; i++) {
    const tag = file.readUInt8(at++);
    if (tag === 1) {
      const length = u2();
      texts.set(i, file.toString('utf8', at, (at += length)));
      continue;
    }
    const length = constantBytes[tag];
    if (length === undefined) throw new Error(`there is no constant of kind ${tag}`);
    at += length;
    if (tag === 5 || tag === 6) i++; // long and double take two places
  }
  at += 6; // access, this, super
  const interfaces = u2(); // not in the next line: `at +=` reads the old place first
  at += 2 * interfaces;
  const members = (): { access: number; name: string }[] =>
    Array.from({ length: u2() }, () => {
      const [access, name] = [u2(), texts.get(u2())!];
      at += 2; // type
      for (let left = u2(); left > 0; left--) {
        at += 2;
        at += 4 + file.readUInt32BE(at);
      }
      return { access, name };
    });
  members(); // fields
  const names = members().filter(({ access, name }) => (access & isPublic) !== 0 && !name.startsWith('<'));
  return [...new Set(names.map(({ name }) => name))].sort();
}
