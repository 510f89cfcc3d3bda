/** The reporter's options. */
import {
  httpHost,
  httpPort,
  httpToken,
  logFormat,
  logLevel,
  metricsToken,
  type OptionTable,
  redisTls,
  redisUrl,
} from '@rowparity/runtime';

export const OPTIONS = {
  redisUrl,
  ...redisTls,
  httpHost,
  httpPort: httpPort(8082),
  httpToken,
  metricsToken,
  logLevel,
  logFormat,
} satisfies OptionTable;
