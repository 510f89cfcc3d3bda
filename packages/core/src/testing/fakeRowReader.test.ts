import { rowDigestConformance } from '../conformance/rowDigest.conformance.ts';
import { FakeRowReader } from './fakeRowReader.ts';

rowDigestConformance('in memory', async () => ({
  reader: new FakeRowReader(['a', 'b', 'c', 'd', 'e', 'f'].map((key, i) => [key, String(i)])),
  range: { after: ['a'], upTo: ['e'] },
  rows: 4,
  columns: 2,
}));
