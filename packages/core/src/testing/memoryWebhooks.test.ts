import { webhooksConformance } from '../conformance/webhooks.conformance.ts';
import { memoryWebhooks } from './memoryWebhooks.ts';

webhooksConformance('memory', async () => ({ store: memoryWebhooks(), cleanUp: async () => undefined }));
