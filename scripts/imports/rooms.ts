// The arrows between the rooms of one workspace: they point one way, and enter by doors. Tests and wings go anywhere.

import { posix } from 'node:path';
import { DOORS, ROOMS } from './house.ts';
import { isTest, roomOf, targetOf } from './places.ts';
import type { Source } from './readSources.ts';

export function roomProblems(source: Source): string[] {
  const { path, workspace } = source;
  if (isTest(path)) return [];
  const room = roomOf(source);
  if (room === undefined)
    return [`${path}: ${workspace} has no such room; list it in scripts/imports/house.ts`];
  return source.imports.flatMap((specifier) => {
    const target = targetOf(specifier, source);
    return target === undefined || isTest(target) ? [] : arrowProblems(room, target, source);
  });
}

function arrowProblems(room: string, target: string, { path, workspace }: Source): string[] {
  const entered = roomOf({ path: target, workspace });
  if (entered === undefined || entered === room) return [];
  if (floorOf(entered, workspace) > floorOf(room, workspace)) {
    return [`${path}: ${room} must not enter ${entered || 'what stands on top of the rooms'} (${target})`];
  }
  const doors = DOORS[`${workspace}/${entered}`];
  if (!doors || doors.includes(posix.basename(target, '.ts'))) return [];
  return [`${path}: ${target} is no door of ${entered}; its doors are ${doors.join(', ')}`];
}

function floorOf(room: string, workspace: string): number {
  const rooms = ROOMS[workspace] ?? [];
  return room === '' ? rooms.length : rooms.indexOf(room);
}

/** Rooms and doors of the tables that are not there, or that no other room uses. */
export function tableProblems(sources: readonly Source[]): string[] {
  const rooms = new Set(sources.map((source) => `${source.workspace}/${roomOf(source)}`));
  const entered = new Set(sources.filter(({ path }) => !isTest(path)).flatMap(enteredDoors));
  return [
    ...Object.entries(ROOMS)
      .flatMap(([workspace, names]) => names.map((name) => `${workspace}/${name}`))
      .filter((room) => !rooms.has(room))
      .map((room) => `${room}: a room of the table without a file`),
    ...Object.entries(DOORS)
      .flatMap(([room, names]) => names.map((name) => `${room}/${name}`))
      .filter((door) => !entered.has(door))
      .map((door) => `${door}: a door of the table that no other room enters`),
  ];
}

function enteredDoors(source: Source): string[] {
  const { workspace } = source;
  return source.imports.flatMap((specifier) => {
    const target = targetOf(specifier, source);
    const entered = target && roomOf({ path: target, workspace });
    if (!entered || entered === roomOf(source)) return [];
    return [`${workspace}/${entered}/${posix.basename(target, '.ts')}`];
  });
}
