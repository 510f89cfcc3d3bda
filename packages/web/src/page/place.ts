/** What an address shows. Pure. */

export type Place =
  | { readonly kind: 'runs' }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'migration'; readonly id: string };

export function placeOf(path: string): Place {
  const [, room, id] = /^\/(runs|migrations)\/([^/]+)$/.exec(path) ?? [];
  if (room === 'runs' && id) return { kind: 'run', id };
  if (room === 'migrations' && id) return { kind: 'migration', id };
  return { kind: 'runs' };
}
