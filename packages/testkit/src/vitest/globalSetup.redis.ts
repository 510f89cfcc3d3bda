// The global setup of the vitest project for .redis.test.ts files.

import { serverSetup } from './globalSetup.ts';

export default serverSetup(['redis']);
