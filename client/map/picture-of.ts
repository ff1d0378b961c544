import type { Map as MapLibreMap } from 'maplibre-gl';
import type { MapPicture } from '../picture.ts';

/** Drawn anew and copied at once: once the browser has shown a picture, its pixels are gone. */
export function pictureOf(map: MapLibreMap): MapPicture {
  map.redraw();
  const drawn = map.getCanvas();
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width;
  canvas.height = drawn.height;
  canvas.getContext('2d')?.drawImage(drawn, 0, 0);
  const { clientWidth: width, clientHeight: height } = drawn;
  const [west, east] = [map.unproject([0, height / 2]), map.unproject([width, height / 2])];
  return {
    canvas,
    width,
    height,
    pixelRatio: drawn.width / width,
    metresPerPixel: (metresPerDegree(map.getCenter().lat) * (east.lng - west.lng)) / width,
  };
}

/** Metres of a degree of longitude. */
function metresPerDegree(latitude: number): number {
  return (40_075_017 / 360) * Math.cos((latitude * Math.PI) / 180);
}
