/** Reads server-sent events from the pieces of a stream, which may end within an event. Pure. */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

export class EventStream {
  #rest = '';

  /** The events that this piece completes. Comments are none. */
  push(piece: string): readonly ServerEvent[] {
    const blocks = (this.#rest + piece).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => eventOf(block) ?? []);
  }
}

function eventOf(block: string): ServerEvent | undefined {
  const lines = block.split('\n');
  const valuesOf = (field: string) =>
    lines.filter((line) => line.startsWith(`${field}: `)).map((line) => line.slice(field.length + 2));
  const data = valuesOf('data');
  return data.length === 0 ? undefined : { name: valuesOf('event')[0] ?? 'message', data: data.join('\n') };
}
