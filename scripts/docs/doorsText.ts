// Makes the section "Doors" of each workspace's README from the tables of the house, so that it cannot name a door that
// is not there.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPS_MAY_IMPORT, DOORS, MAY_IMPORT, ROOMS } from '../imports/house.ts';
import { markdownTable } from './markdownTable.ts';
import { listFiles, ROOT } from './pages.ts';

const BEGIN = '<!-- doors -->';
const END = '<!-- /doors -->';
const SECTION = new RegExp(`${BEGIN}[\\s\\S]*${END}`);

export const WORKSPACES: readonly string[] = listFiles(
  '{apps,packages,examples}/*/package.json',
  '{bench,e2e,harness}/package.json',
).map((path) => path.replace(/\/package\.json$/, ''));

/** The README with the section that the tables make; unchanged where it has no place for one. */
export function withDoors(readme: string, workspace: string): string {
  return readme.replace(SECTION, () => `${BEGIN}\n\n${doorsText(workspace)}\n\n${END}`);
}

function doorsText(workspace: string): string {
  const rooms = ROOMS[workspace];
  return [
    '## Doors',
    outside(workspace),
    imports(workspace),
    rooms
      ? `Rooms, from the ground up; a room enters those above it in this table:\n\n${roomsTable(rooms, workspace)}`
      : 'It is one room.',
  ].join('\n\n');
}

function outside(workspace: string): string {
  const { name, exports = {} } = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly exports?: Readonly<Record<string, string>>;
  };
  const doors = Object.entries(exports).map(
    ([door, file]) => `\`${name}${door.slice(1)}\` (\`${file.slice(2)}\`)`,
  );
  return doors.length > 0 ? `Others import ${doors.join(', ')}.` : 'No other workspace imports it.';
}

function imports(workspace: string): string {
  const allowed = workspace.startsWith('apps/') ? APPS_MAY_IMPORT : (MAY_IMPORT[workspace] ?? []);
  return `It may import ${allowed.length > 0 ? allowed.join(', ') : 'no other workspace'}.`;
}

function roomsTable(rooms: readonly string[], workspace: string): string {
  const rows = rooms.map((room) => [`\`${room}\``, DOORS[`${workspace}/${room}`]?.join(', ') ?? 'each file']);
  return markdownTable([['room', 'doors'], ...rows]);
}
