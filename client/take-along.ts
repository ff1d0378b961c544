import { incidentTypeCodes } from '../server/domain/vocabulary.ts';
import type { MapHandle, Scene } from './map/map.ts';
import { writeAddress } from './url.ts';
import { filterInWords, type Names } from './words.ts';

/** Saves the map of a scene as a PNG with what it must carry when it travels alone. */
export async function savePicture(map: MapHandle, scene: Scene, names: Names): Promise<void> {
  const { state, texts: t, theme } = scene;
  const { drawPicture } = await import('./picture.ts');
  await map.settled();
  const picture = await drawPicture({
    map: map.picture(),
    theme,
    t,
    heading: filterInWords(t, state.filter, names) || t.paper.everything,
    facts: t.paper.facts(state.incidents.value?.numberMatched ?? 0, new Date()),
    types: state.filter.type ?? incidentTypeCodes,
    claims: state.hidden.includes('claims') ? 'hidden' : 'drawn',
    address: new URL(writeAddress(state), location.href).href,
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(picture);
  link.download = `${t.paper.fileName}-${new Date().toISOString().slice(0, 10)}.png`;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
