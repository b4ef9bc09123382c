import { describe, expect, it } from 'vitest';
import { differencesBetween } from './differences.ts';
import { Normaliser } from './normalise.ts';
import { reasonsOfSkipped } from './skipped.ts';

const normalised = (...answers: unknown[]): unknown[] => {
  const normaliser = new Normaliser();
  return answers.map((answer) => normaliser.normalise(answer));
};

describe('Normaliser', () => {
  it('gives the same id the same label in all answers, under any name and in texts', () => {
    expect(
      normalised({ memberId: 'member-a-1' }, { leader: 'member-a-1', memberId: 'b-2' }, { errorMessage: 'member-a-1 is unknown' }),
    ).toEqual([
      { memberId: '<memberId 1>' },
      { leader: '<memberId 1>', memberId: '<memberId 2>' },
      { errorMessage: '<memberId 1> is unknown' },
    ]);
  });

  it('keeps what stands for no id, and zero where it is an id', () => {
    expect(normalised({ producerId: -1, sessionId: 0, memberId: '' }, { producerId: 0 })).toEqual([
      { producerId: -1, sessionId: 0, memberId: '' },
      { producerId: '<producerId 1>' },
    ]);
  });

  it('sorts structs, and keeps the order of numbers', () => {
    expect(normalised({ topics: [{ name: 'b' }, { name: 'a' }], replicaNodes: [2, 1] })).toEqual([
      { topics: [{ name: 'a' }, { name: 'b' }], replicaNodes: [2, 1] },
    ]);
  });

  it('hides where a broker lives and what the time is', () => {
    expect(normalised({ host: 'h', port: 1, logAppendTimeMs: Date.now(), timestamp: 1000 })).toEqual([
      { host: '<host>', port: '<port>', logAppendTimeMs: '<now>', timestamp: 1000 },
    ]);
  });
});

describe('differencesBetween', () => {
  it('tells the places', () => {
    const kafka = { topics: [{ name: 'a', errorCode: 0 }], brokers: [] };
    const mock = { topics: [{ name: 'a', errorCode: 3 }], brokers: [{ id: 1 }] };
    expect(differencesBetween(kafka, mock)).toEqual([
      { path: 'topics[].errorCode', kafka: 0, mock: 3 },
      { path: 'brokers[]', kafka: [], mock: [{ id: 1 }] },
    ]);
    expect(differencesBetween(kafka, kafka)).toEqual([]);
  });
});

describe('reasonsOfSkipped', () => {
  const text = `## APIs that it does not offer

| What   | APIs                                                 |
| ------ | ---------------------------------------------------- |
| Access | Describe-, Create- and DeleteAcls; ListTransactions  |
| Tokens | the four of delegation tokens                        |

## More
`;
  it.each([
    ['CreateAcls', 'Access'],
    ['DeleteAcls', 'Access'],
    ['ListTransactions', 'Access'],
    ['RenewDelegationToken', 'Tokens'],
    ['CreateTopics', undefined],
  ])('%s: %s', (api, reason) => expect(reasonsOfSkipped(text)(api)).toBe(reason));
});
