import { render } from 'preact';
import type { MapHandle, Scene } from './map/map.ts';
import { themes } from './map/theme.ts';
import { Paper } from './panels/paper.tsx';
import { writeAddress } from './url.ts';

/** What is on the screen when it is printed; no map where the browser draws none. */
export interface OnScreen {
  readonly scene: Scene;
  readonly map: MapHandle | null;
}

/**
 * Lays the view out for paper whenever it is printed, and clears it away again. Paper is light,
 * whatever the screen is, and so is the map on it.
 */
export function layOutForPaper(current: () => OnScreen): void {
  const sheet = document.createElement('div');
  document.body.append(sheet);
  const { dataset } = document.documentElement;
  // The browser prints what is there when this returns: nothing may wait.
  window.addEventListener('beforeprint', () => {
    const { scene, map } = current();
    const light = { ...scene, theme: themes.light };
    dataset.theme = light.theme.name;
    map?.show(light);
    const address = new URL(writeAddress(scene.state), location.href).href;
    render(<Paper scene={light} map={map?.picture() ?? null} address={address} />, sheet);
  });
  window.addEventListener('afterprint', () => {
    render(null, sheet);
    const { scene, map } = current();
    dataset.theme = scene.theme.name;
    map?.show(scene);
  });
}
