// The global setup of the vitest project for .e2e.test.ts files.

import { serverSetup } from './globalSetup.ts';

export default serverSetup(['sql', 'redis', 'kafka']);
