/** Webhooks by name: where they are, and the keys that sign what they are told. */
import type { Option } from '@rowparity/runtime';
import { z } from 'zod';

const SECRET_LENGTH_MIN = 24;
const WEBHOOKS_MAX = 100;

const FORM = '{"NAME": {"url": "https://…", "secret": "…"}}';

const endpoints = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/),
    z.strictObject({ url: z.string().refine(isPlainUrl), secret: z.string().min(SECRET_LENGTH_MIN) }),
  )
  .refine((all) => Object.keys(all).length <= WEBHOOKS_MAX);

/** Its messages show no address and no secret. */
export const webhooks = {
  env: 'ROWPARITY_WEBHOOKS',
  describe: `Webhooks that specs may name, as JSON: ${FORM}. http or https without a login in the URL; secrets of at least ${SECRET_LENGTH_MIN} characters. Default: none.`,
  schema: z
    .string()
    .default('{}')
    .transform((text, ctx) => {
      const read = endpoints.safeParse(jsonOf(text));
      if (read.success) {
        return new Map(Object.entries(read.data).map(([name, endpoint]) => [name.toLowerCase(), endpoint]));
      }
      const places = [...new Set(read.error.issues.map(({ path }) => path.join('.') || 'the text'))];
      ctx.addIssue({ code: 'custom', message: `expected ${FORM}; not so at ${places.join(', ')}` });
      return z.NEVER;
    }),
  isSecret: true,
} satisfies Option;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON fails the schema, and the message says what was expected.
    return undefined;
  }
}

function isPlainUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
