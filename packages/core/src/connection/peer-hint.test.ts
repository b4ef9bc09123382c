import { describe, expect, it } from 'vitest';
import { peerHint } from './peer-hint.ts';

describe('peerHint', () => {
  it.each([
    ['a TLS alert', '15030300020228', "the broker's port speaks TLS: set ssl"],
    ['a TLS alert of TLS 1.0', '1503010002020a', "the broker's port speaks TLS: set ssl"],
    ['a TLS handshake record', '160303007a0200', "the broker's port speaks TLS: set ssl"],
    ['the first four bytes alone', '15030300', "the broker's port speaks TLS: set ssl"],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('hex'), 'this is an HTTP port'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n').toString('hex'), 'this is an SSH port'],
    ['SMTP', Buffer.from('220 mail.example ESMTP\r\n').toString('hex'), 'this is an SMTP or FTP port'],
    ['Redis', Buffer.from("-ERR unknown command ''\r\n").toString('hex'), 'this is a Redis port'],
    ['other text', Buffer.from('<html>\r\n').toString('hex'), 'it answers with text, "<html>\\r\\n"'],
    ['a negative length', 'ffffffff', 'its first bytes are ffffffff, which is not the length of a Kafka response'],
    ['a length without room for a correlation id', '00000003', 'its first bytes are 00000003, which is not the length of a Kafka response'],
    ['the longest length', '7fffffff', 'its first bytes are 7fffffff, which is not the length of a Kafka response'],
  ])('A8, H4: names %s', (_, hex, hint) => {
    expect(peerHint(Buffer.from(hex, 'hex'))).toBe(hint);
  });

  it.each([
    ['an answer to ApiVersions', '0000012c00000000'],
    ['the shortest answer', '0000000400000000'],
    ['the longest length that the limits allow', '06400000'],
    ['fewer bytes than a length', '150303'],
    ['no bytes', ''],
  ])('has nothing to say about %s', (_, hex) => {
    expect(peerHint(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('cuts what it quotes', () => {
    expect(peerHint(Buffer.alloc(10_000, 'x'))!.length).toBeLessThan(100);
  });
});
