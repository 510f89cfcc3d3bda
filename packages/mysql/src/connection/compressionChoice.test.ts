import { expect, it } from 'vitest';
import { chooseCompression } from './compressionChoice.ts';

const MEGABIT = 1e6 / 8;
const BOTH = ['zstd', 'zlib'] as const;

it.each([
  ['10 Mbit/s', 10, BOTH, 'zstd'],
  ['100 Mbit/s', 100, BOTH, 'zstd'],
  ['100 Mbit/s of MariaDB', 100, ['zlib'], 'zlib'],
  ['150 Mbit/s of MariaDB', 150, ['zlib'], 'zlib'],
  ['200 Mbit/s of MariaDB', 200, ['zlib'], 'off'],
  ['350 Mbit/s', 350, BOTH, 'zstd'],
  ['half of 1000 Mbit/s', 500, BOTH, 'off'],
  ['1000 Mbit/s', 1000, BOTH, 'off'],
  ['1000 Mbit/s of MariaDB', 1000, ['zlib'], 'off'],
  ['a loopback', 8000, BOTH, 'off'],
  ['100 Mbit/s of a server that offers nothing', 100, [], 'off'],
] as const)('%s', (_name, megabits, offered, use) => {
  const choice = chooseCompression({ roundTripMs: 20, bytesPerSecond: megabits * MEGABIT }, offered);
  expect(choice.use).toBe(use);
});

it('says what was measured, and what follows', () => {
  const link = { roundTripMs: 0.4321, bytesPerSecond: 12.34e6 };
  expect(chooseCompression(link, BOTH).why).toBe(
    'round trip 0.43 ms, 12 MB/s a connection; compressed by zstd, because the link is much slower than compressing',
  );
  expect(chooseCompression({ ...link, bytesPerSecond: 125e6 }, BOTH).why).toBe(
    'round trip 0.43 ms, 130 MB/s a connection; not compressed, because compressing (zstd) is not much faster than the link',
  );
  expect(chooseCompression(link, []).why).toMatch(/the server offers no compression$/);
});
