/** The place in the lists of changed rows as the checkpoint of a shard: one text, in the form of a key. */
import { type ChangedPlace, changedPlace, type KeyTuple } from '@rowparity/contracts';

const FIRST_PLACE: ChangedPlace = { side: 'base', after: null, baseEnd: null };

export function checkpointOf(place: ChangedPlace): KeyTuple {
  return [JSON.stringify(place)];
}

export function placeOf(checkpoint: KeyTuple | null): ChangedPlace {
  return checkpoint ? changedPlace.parse(JSON.parse(checkpoint[0] ?? '')) : FIRST_PLACE;
}
