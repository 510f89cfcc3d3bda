// The global setup of the vitest project for .kafka.test.ts files.

import { serverSetup } from './globalSetup.ts';

export default serverSetup(['kafka']);
