import { expect, it } from 'vitest';
import { murmur2 } from './murmur2.ts';

/** Keys in base64, and what `org.apache.kafka.common.utils.Utils.murmur2` of kafka-clients 4.3.1 makes of them. */
const fromJava: readonly (readonly [key: string, hash: number])[] = [
  ['', 275646681],
  ['YQ==', -1563381124],
  ['YWI=', 316155434],
  ['YWJj', 479470107],
  ['YWJjZA==', -1323649548],
  ['YWJjZGU=', 461995741],
  ['Zm9vYmFy', -790332482],
  ['MjE=', -973932308],
  ['YS1saXR0bGUtYml0LWxvbmctc3RyaW5n', -985981536],
  ['YS1saXR0bGUtYml0LWxvbmdlci1zdHJpbmc=', -1486304829],
  ['bGtqaDIzNGxoOWZpdWg5MHkyM29pdWhzYWZ1amhhZG9mMjI5cGhyOWgxOWg4OWg4', -58897971],
  ['a2V5', -1079937367],
  ['dXNlci0x', 1404122828],
  ['dXNlci0y', -324981792],
  ['b3JkZXJz', -1029842276],
  ['MA==', 971027396],
  ['MQ==', -1993445489],
  ['LTE=', 1531782027],
  ['MjE0NzQ4MzY0Nw==', -427214283],
  ['bnVsbA==', -75681477],
  ['w7w=', 1419834458],
  ['w6TDtsO8', -2070914556],
  ['w58=', -241589582],
  ['w6k=', 186971271],
  ['5pel5pys6Kqe', 1431860170],
  ['0LrQu9GO0Yc=', 2122343024],
  ['8J+YgA==', 131881617],
  ['8J+RqeKAjfCfkanigI3wn5Gn', -472753559],
  ['YQBi', -19837367],
  ['f8KA', 10196938],
  ['w78=', 1511439487],
  ['77+9', -1863826953],
  ['IA==', -987232127],
  ['Cg==', -769451508],
  ['eyJpZCI6NDJ9', 486015037],
  ['MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw', 713427837],
  ['', 275646681],
  ['cw==', -342070737],
  ['2Jw=', 4774570],
  ['bw77', 988846311],
  ['kvlNaA==', -1555930782],
  ['/MwsNfA=', 1078096385],
  ['5fEsVd2F', 1972921184],
  ['1dm+92gI8w==', -1431406067],
  ['cuWQARK4GSc=', -1025884615],
  ['ulu19n4b2ii0', -1881627410],
  ['5K7XjbFde/L8DA==', -1245497920],
  ['qZ3k7zvCsXyBN60=', 2020362660],
  ['mHj56T3x9lg2esoo', 2128784680],
  ['ZFJHS57zdl4k6aiBcw==', 1225736664],
  ['+wSwHczrDIrq1kHFja0=', -827926404],
  ['gbruqHwQ1ApHkCAo5hz9', -466978358],
  ['Q9nRYAiqvJ+3fMcjpWAX4Q==', -1922765112],
  ['TxzosWmDQXNKaCPOAgQ+AWs=', -892024151],
  ['IUot2rgv7IXAuf4FScR1vluI', 292731551],
  ['uJlbJPtcaEb4i1J7T51ME5HxZw==', 513129706],
  ['I7pPnJzXvJPrV3b08DZ1NEhkKUY=', -2020923947],
  ['YcWUn68XsTD89kgvlxpVAKw2vALYl/uuqCI6KSSCew==', -828509048],
  ['kwCVLcDIzXxHdleK6TdnII8vTfmEW1UhZUbUPg5/zjQ=', 254632683],
  ['cFL/ZOfjfNjTxbQ3ag8TaJAAmG51tCjzAxmwO0nIUYVL', -183197557],
  ['69giY5bKzwlvS3RFriqml9XS4RwzdbmnXcSSOm3FrR55/Ov9mrYIp9JfFJYalPz787VT9vi/7DSUN+FDlAfpXw==', -336422315],
  [
    'ocDmXHwXnnZvtuDgvHpnVcBsbUopX3ZxfrgrDW8HD4FXffwu7jS9/6jrCaOvNmKhU+YmR/N/2uhtNEZXIwD2gfPICkQ1v8994hreHcHMxG1mUgcjVC3fTvmDzIvJcKK3sWCffg==',
    1266196070,
  ],
  ['/////////w==', -71293549],
  ['AAAAAAAAAAA=', -522759933],
];

it.each(fromJava)('hashes %s as Java does', (key, hash) => {
  expect(murmur2(Buffer.from(key, 'base64'))).toBe(hash);
});

it('hashes a string as its bytes in UTF-8, whatever its characters and its length', () => {
  const ascii = Array.from({ length: 130 }, (_, length) => 'k'.repeat(length));
  const others = ['é', 'ascii and é', `${'a'.repeat(63)}é`, '\u007f', '\u0080', '日本語', '👩‍👩‍👧', '\ud800', 'a\0b'];
  for (const key of [...ascii, ...others]) expect(murmur2(key), key).toBe(murmur2(Buffer.from(key)));
});
