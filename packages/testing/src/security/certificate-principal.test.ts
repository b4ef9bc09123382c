import { describe, expect, it } from 'vitest';
import { distinguishedName } from './certificate-principal.ts';

describe('distinguishedName', () => {
  it.each([
    ['begins with what stands last in the certificate', { C: 'DE', O: 'Shop', CN: 'orders' }, 'CN=orders,O=Shop,C=DE'],
    ['repeats what is there more than once', { OU: ['a', 'b'], CN: 'x' }, 'CN=x,OU=b,OU=a'],
    ['escapes separators', { O: 'Shop, Inc.', CN: 'a+b' }, 'CN=a\\+b,O=Shop\\, Inc.'],
    ['escapes spaces at the ends', { CN: ' a ' }, 'CN=\\ a\\ '],
  ])('%s', (_, subject, name) => expect(distinguishedName(subject)).toBe(name));
});
