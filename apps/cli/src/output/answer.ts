/** What a command answers, on standard output: whole, or an OutputError. */
import { orOutputError } from './outputError.ts';
import { standardOutput } from './standardOutput.ts';

export async function answer(content: AsyncIterable<string | Uint8Array> | Iterable<string>): Promise<void> {
  const output = standardOutput();
  const never = new AbortController().signal;
  const decoder = new TextDecoder();
  for await (const part of content) {
    const text = typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    await orOutputError(output.name, output.write(text, never));
  }
  await orOutputError(output.name, output.sync());
}

/** The same for a person, or with --json for a program. */
export async function answerEither(
  isJson: boolean | undefined,
  { data, text }: { readonly data: unknown; readonly text: string },
): Promise<void> {
  await answer([isJson ? `${JSON.stringify(data, null, 2)}\n` : text]);
}
