/** The reporter's options. */
import { httpHost, httpPort, logLevel, type OptionTable, redisUrl } from '@rowparity/runtime';

export const OPTIONS = { redisUrl, httpHost, httpPort: httpPort(8082), logLevel } satisfies OptionTable;
