import { type Map as MapLibreMap, Marker } from 'maplibre-gl';
import type { State } from '../state.ts';

/** The mark of the place that was searched for: a ring with its name. One at most. */
export class LocatedMark {
  readonly #map: MapLibreMap;
  #marker: Marker | null = null;

  constructor(map: MapLibreMap) {
    this.#map = map;
  }

  show(before: State | undefined, { located }: State): void {
    if (before?.located === located) return;
    this.#marker?.remove();
    this.#marker = null;
    if (located === null) return;
    const element = document.createElement('div');
    element.className = 'located';
    const name = document.createElement('span');
    name.className = 'name';
    name.textContent = located.name;
    element.append(name);
    this.#marker = new Marker({ element })
      .setLngLat([located.longitude, located.latitude])
      .addTo(this.#map);
  }
}
