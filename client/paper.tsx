import { render } from 'preact';
import type { MapHandle, Scene } from './map/map.ts';
import { Paper } from './panels/paper.tsx';
import { writeAddress } from './url.ts';

/** What is on the screen when it is printed; no map where the browser draws none. */
export interface OnScreen {
  readonly scene: Scene;
  readonly map: MapHandle | null;
}

/** Lays the view out for paper whenever it is printed, in light colours, and clears it away again. */
export function layOutForPaper(current: () => OnScreen): void {
  const sheet = document.createElement('div');
  document.body.append(sheet);
  const { dataset } = document.documentElement;
  // The browser prints what is there when this returns: nothing may wait.
  window.addEventListener('beforeprint', () => {
    const { scene, map } = current();
    dataset.theme = 'light';
    const address = new URL(writeAddress(scene.state), location.href).href;
    render(<Paper scene={scene} map={map?.picture() ?? null} address={address} />, sheet);
  });
  window.addEventListener('afterprint', () => {
    render(null, sheet);
    dataset.theme = current().scene.theme.name;
  });
}
