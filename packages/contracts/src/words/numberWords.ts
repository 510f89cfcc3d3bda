/** Numbers in sentences. A browser loads this file as it is: it imports nothing. */

/** `1 row`, `1,234 rows` */
export function many(value: number, one: string, more: string): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}
