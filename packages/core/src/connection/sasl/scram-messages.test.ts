import { describe, expect, it } from 'vitest';
import { escapeUserName, readServerFinal, readServerFirst, ScramRefusal } from './scram-messages.ts';

const limits = { maxIterations: 1_000_000 };
const salt = Buffer.alloc(16, 1).toString('base64');
const first = (text: string | Buffer) => readServerFirst(Buffer.from(text as string), 'ours', limits);

describe('readServerFirst', () => {
  it('reads nonce, salt and iterations, and keeps the text as it came', () => {
    const text = `r=ours+theirs,s=${salt},i=4096`;
    expect(first(text)).toEqual({ text, nonce: 'ours+theirs', salt: Buffer.alloc(16, 1), iterations: 4096 });
  });

  it('takes what is at the limits', () => {
    expect(first(`r=ours+,s=${salt},i=1000000`).iterations).toBe(1_000_000);
    expect(first(`r=ours+,s=${Buffer.alloc(8).toString('base64')},i=4096`).salt.length).toBe(8);
    expect(first(`r=ours+,s=${Buffer.alloc(1024).toString('base64')},i=4096`).salt.length).toBe(1024);
  });

  it('skips optional extensions', () => {
    expect(first(`r=ours+,s=${salt},i=4096,x=whatever,y=more`).iterations).toBe(4096);
  });

  it.each([
    ['nothing', '', /no r=/],
    ['no nonce', `s=${salt},i=4096`, /no r=/],
    ['no salt', 'r=ours+,i=4096', /no s=/],
    ['no iterations', `r=ours+,s=${salt}`, /no i=/],
    ['another order', `s=${salt},r=ours+,i=4096`, /no r=/],
    ["a nonce that is not ours' continuation", `r=other,s=${salt},i=4096`, /does not continue ours/],
    ['our nonce alone', `r=ours,s=${salt},i=4096`, /does not continue ours/],
    ['an empty nonce', `r=,s=${salt},i=4096`, /does not continue ours/],
    ['a nonce with a control character', `r=ours\x07,s=${salt},i=4096`, /characters that it must not have/],
    ['one iteration fewer than the least', `r=ours+,s=${salt},i=4095`, /asks for "4095" iterations/],
    ['one iteration more than the most', `r=ours+,s=${salt},i=1000001`, /asks for "1000001" iterations/],
    ['the iterations of an attack', `r=ours+,s=${salt},i=2147483647`, /asks for "2147483647" iterations/],
    ['negative iterations', `r=ours+,s=${salt},i=-4096`, /asks for "-4096" iterations/],
    ['iterations that are no number', `r=ours+,s=${salt},i=4096x`, /asks for "4096x" iterations/],
    ['iterations in hexadecimal', `r=ours+,s=${salt},i=0x2000`, /iterations/],
    ['no digits', `r=ours+,s=${salt},i=`, /asks for "" iterations/],
    ['an empty salt', 'r=ours+,s=,i=4096', /salt has 0 bytes/],
    ['a short salt', `r=ours+,s=${Buffer.alloc(7).toString('base64')},i=4096`, /salt has 7 bytes/],
    ['a huge salt', `r=ours+,s=${Buffer.alloc(1025).toString('base64')},i=4096`, /salt has 1025 bytes/],
    ['a salt that is no base64', 'r=ours+,s=@@@@@@@@@@@@,i=4096', /salt is not base64/],
    ['an error', 'e=unknown-user', /the broker says "unknown-user"/],
    ['an extension that must be understood', `m=x,r=ours+,s=${salt},i=4096`, /extension that this client does not know/],
    ['bytes that are not UTF-8', Buffer.from([0x72, 0x3d, 0xff, 0xfe]), /not UTF-8/],
    ['H20: more than 64 kB', `r=ours+,s=${salt},i=4096,x=${'y'.repeat(65536)}`, /message has 655\d\d bytes/],
  ])('A3: refuses %s', (_, text, reason) => {
    expect(() => first(text)).toThrow(ScramRefusal);
    expect(() => first(text)).toThrow(reason);
  });

  it('H19: quotes no more of a broker than fits a line', () => {
    const told = (text: string): string => {
      try {
        first(text);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(told(`e=${'x'.repeat(10_000)}`).length).toBeLessThan(150);
    expect(told('e=line\nbreak\x1b[31m')).toBe('the broker says "line\\nbreak\\u001b[31m"');
  });
});

describe('readServerFinal', () => {
  it('reads the signature', () => {
    expect(readServerFinal(Buffer.from('v=AAEC,x=more'))).toEqual(Buffer.from([0, 1, 2]));
  });

  it.each([
    ['an error', 'e=invalid-proof', /the broker says "invalid-proof"/],
    ['nothing', '', /no v=/],
    ['another field', 'x=1', /no v=/],
    ['a signature that is no base64', 'v=!!!', /signature is not base64/],
    ['a signature without its padding', 'v=AAE', /signature is not base64/],
  ])('A3: refuses %s', (_, text, reason) => {
    expect(() => readServerFinal(Buffer.from(text))).toThrow(reason);
  });
});

describe('escapeUserName', () => {
  it.each([
    ['alice', 'alice'],
    ['a=b,c=d,', 'a=3Db=2Cc=3Dd=2C'],
    ['=2C', '=3D2C'],
  ])('%s becomes %s', (name, escaped) => {
    expect(escapeUserName(name)).toBe(escaped);
  });
});
