/** The coordinator's options. */
import { httpHost, httpPort, logLevel, type OptionTable, redisUrl } from '@rowparity/runtime';
import { z } from 'zod';

export const OPTIONS = {
  redisUrl,
  httpHost,
  httpPort: httpPort(8080),
  allowPredicates: {
    env: 'ROWPARITY_ALLOW_PREDICATES',
    describe:
      'true: specs may carry SQL predicates (tables[].where), which run on both databases. Default false.',
    schema: z
      .enum(['true', 'false'], 'expected true or false')
      .default('false')
      .transform((text) => text === 'true'),
  },
  logLevel,
} satisfies OptionTable;
