// The global setup of the vitest project for .mysql.test.ts files.

import { serverSetup } from './globalSetup.ts';

export default serverSetup(['sql']);
