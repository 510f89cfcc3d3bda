/**
 * Messages of the engine name the fields of a run spec. Users of `check` know its flags and not the spec, so their
 * messages name the flags. Documents keep the spec's names, because they contain the spec.
 */
import type { RunReport } from '@rowparity/contracts';

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\brecheck\.stillMs\b/g, '--still-ms'],
  [/\bexcludeColumns\b/g, '--exclude-columns'],
  [/\brenamedColumns\b/g, '--map'],
  [/\ballowSame\b/g, '--allow-same'],
  [/\brulesOff\b/g, '--rules-off'],
  [/\btables\[\]\.where\b/g, '--where'],
  [/\btables\[\]\.key\b/g, '--key'],
  [/(?<![-\w])columns(?= names )/g, '--columns'],
  [/\(columns\)/g, '(--columns)'],
  [/\bname (it|its partner) as (?:the pair's )?destination\b/gi, 'name $1 with --map'],
  [/\bthe predicate of the spec\b/g, 'the predicate of --where'],
  [/\bCorrect the name in the spec\b/g, 'Correct the name'],
];

export function commandWords(message: string): string {
  return WORDS.reduce((text, [word, flag]) => text.replace(word, flag), message);
}

/** For the terminal. */
export function inCommandWords(report: RunReport): RunReport {
  const failures = report.failures.map((failure) => ({ ...failure, message: commandWords(failure.message) }));
  const notes = report.notes.map((note) => ({ ...note, message: commandWords(note.message) }));
  return { ...report, failures, notes };
}
