import type { RecordToWrite } from '../requests.ts';

const timestamp = Date.UTC(2024, 0, 2, 3, 4, 5, 678);

/** One record of each kind, long enough together that every codec makes them smaller. */
export const samples = [
  { key: 'key', value: 'value', headers: [], timestamp },
  { key: null, value: 'no key', headers: [], timestamp: timestamp + 1 },
  { key: 'tombstone', value: null, headers: [], timestamp: timestamp + 2 },
  { key: '', value: '', headers: [], timestamp: timestamp + 3 },
  {
    ...{ key: 'headers', value: 'with headers', timestamp: timestamp + 4 },
    headers: [
      ['a', '1'],
      ['b', ''],
      ['a', '2'],
    ],
  },
  { key: 'größe', value: '€'.repeat(2000), headers: [], timestamp: timestamp + 5 },
] as const satisfies readonly RecordToWrite[];
