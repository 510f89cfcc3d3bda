/** What a person does with the new run file: which variables to export, and which commands come next. */
import { connectionUrlOf } from '@rowparity/mysql';
import { type ConnectionFlags, defaultsOf, PLACES, type Place } from '../connecting/connectionOptions.ts';
import type { AnsweredConnection } from './askConnection.ts';

export interface StepsInput {
  readonly file: string;
  readonly connections: Readonly<Record<Place, AnsweredConnection>>;
  readonly flags: ConnectionFlags;
  readonly topic: string | undefined;
  readonly events: string;
}

export function nextSteps({ file, connections, flags, topic, events }: StepsInput): string[] {
  const spec = [`--spec ${word(file)}`, ...flagsAgain(connections, flags)].join(' ');
  const exports = PLACES.filter((place) => !connections[place].isGiven).map(
    (place) =>
      `  export ROWPARITY_CONNECTION_${place.toUpperCase()}=${quoted(connectionUrlOf(connections[place].target))}`,
  );
  return [
    ...(exports.length === 0
      ? []
      : [
          topic === undefined
            ? 'Set the connections, each with its password in place of PASSWORD'
            : 'Set the connections of coordinator and workers, each with its password in place of PASSWORD',
          `(write @ : / ? # % in it as %40 %3A %2F %3F %23 %25):`,
          ...exports,
          '',
        ]),
    'Next:',
    `  rowparity doctor ${spec}`,
    topic === undefined
      ? `  rowparity check ${spec} --events ${word(events)}`
      : `  rowparity submit ${word(file)} --dry-run`,
  ];
}

/** A connection of an option file stays there. */
function flagsAgain(connections: StepsInput['connections'], flags: ConnectionFlags): string[] {
  const again = PLACES.filter((place) => connections[place].isGiven).flatMap((place) => {
    const { file, group } = defaultsOf(place, flags);
    if (file === undefined) return [];
    return [
      `--${place}-defaults-file ${word(file)}`,
      ...(group === undefined ? [] : [`--${place}-defaults-group ${word(group)}`]),
    ];
  });
  return [...again, ...(flags.askPassword ? ['--ask-password'] : [])];
}

function word(text: string): string {
  return /^[\w./~-]+$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
