import type { Position } from 'geojson';
import proj4 from 'proj4';
import { crs84, crsList } from '../../server/domain/crs.ts';

/** From a file's coordinates, east or longitude first, to longitude and latitude (WGS 84). */
export type Unproject = (position: Position) => Position;

const names84 = [
  'urn:ogc:def:crs:OGC:1.3:CRS84',
  'urn:ogc:def:crs:OGC::CRS84',
  'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
  'OGC:CRS84',
];
const epsgName =
  /^(?:(?:urn:(?:ogc|x-ogc):def:crs:)?EPSG:(?:[\d.]*:)?|https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[\d.]+\/)(\d+)$/i;

/**
 * How the coordinates of a system, given by name, become ours; `null` where that is not certain. In
 * these files longitude comes first even where the system's own axes say otherwise.
 */
export function systemOf(name: string): Unproject | null {
  if (names84.some((known) => known.toLowerCase() === name.toLowerCase())) return crs84.unproject;
  const code = epsgName.exec(name)?.[1];
  return code === undefined ? null : systemOfCode(Number(code));
}

/** The same by EPSG code: WGS 84, those that the API has, and the UTM zones of WGS 84. */
export function systemOfCode(code: number): Unproject | null {
  if (code === 4326) return crs84.unproject;
  const ours = crsList.find(({ uri }) => uri.endsWith(`/EPSG/0/${code}`));
  if (ours !== undefined) return ours.unproject;
  const zone = code % 100;
  const half = Math.floor(code / 100);
  if ((half !== 326 && half !== 327) || zone < 1 || zone > 60) return null;
  const { inverse } = proj4(
    `+proj=utm +zone=${zone} ${half === 327 ? '+south ' : ''}+datum=WGS84 +units=m`,
  );
  return ([x = Number.NaN, y = Number.NaN]) => inverse([x, y]);
}
