/** Whom a run tells: the name of a webhook. Its address and its secret are in the configuration of the coordinator. */
import { z } from 'zod';
import { connectionRef } from './scalars.ts';

export const webhookPolicy = z.strictObject({
  endpoint: connectionRef.describe('the name of a webhook that is configured at the coordinator'),
});
