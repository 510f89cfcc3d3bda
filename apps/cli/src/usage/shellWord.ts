/** A word of a command that a person may copy: quoted where the shell would read it otherwise. */
const PLAIN = /^[\w./:@%+=,-]+$/;

export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
