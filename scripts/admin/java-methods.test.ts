import { expect, it } from 'vitest';
import { publicMethods } from './java-methods.ts';

/** A class file with these methods, a long constant (which takes two places), a field, and an attribute on each method. */
function classFile(methods: readonly (readonly [access: number, name: string])[]): Buffer {
  const u2 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
  const utf8 = (text: string): Buffer => Buffer.concat([Buffer.from([1]), u2(Buffer.byteLength(text)), Buffer.from(text)]);
  const long = Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 0]);
  const attribute = Buffer.concat([u2(1), Buffer.from([0, 0, 0, 3, 9, 9, 9])]);
  const member = (access: number, name: number): Buffer => Buffer.concat([u2(access), u2(name), u2(1), u2(1), attribute]);
  const names = methods.map(([, name]) => utf8(name));
  return Buffer.concat([
    Buffer.from('cafebabe00000041', 'hex'),
    ...[u2(names.length + 4), utf8('Code'), long, ...names],
    ...[u2(0x0601), u2(1), u2(1), u2(1), u2(1)],
    ...[u2(1), member(1, 1)],
    ...[u2(methods.length), ...methods.map(([access], i) => member(access, i + 4))],
  ]);
}

it('finds the public methods of a class file, each name once', () => {
  const file = classFile([[0x1, 'close'], [0x401, 'alter'], [0x1, 'alter'], [0x2, 'hidden'], [0x9, 'create'], [0x9, '<clinit>']]); // prettier-ignore
  expect(publicMethods(file)).toEqual(['alter', 'close', 'create']);
});

it('refuses what is no class file', () => {
  expect(() => publicMethods(Buffer.from('PK-0 and so on'))).toThrow('this is not a class file');
});
