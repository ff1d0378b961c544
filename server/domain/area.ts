import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { GeoPrecision } from './vocabulary.ts';

type Area = Polygon | MultiPolygon;

/**
 * Where an incident known only as an area is marked, in degrees. Never the point that stands for it:
 * the northernmost place on the rim of a disc, or amid all of its regions.
 */
export function markerOf(area: Area, precision: GeoPrecision): readonly [number, number] {
  return precision === 'district' ? northernmost(area) : middle(area);
}

function outlines(area: Area): Position[][] {
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  return polygons.flatMap(([outline]) => (outline === undefined ? [] : [outline]));
}

function northernmost(area: Area): readonly [number, number] {
  const [longitude = 0, latitude = 0] = outlines(area)
    .flat()
    .reduce((best, each) => ((each[1] ?? 0) > (best[1] ?? 0) ? each : best));
  return [longitude, latitude];
}

/** The centre of mass on the plane of degrees; holes are too small to matter to a marker. */
export function middle(area: Area): readonly [number, number] {
  let [mass, east, north] = [0, 0, 0];
  for (const outline of outlines(area)) {
    const part = moments(outline);
    // Outlines run either way round.
    const sign = Math.sign(part.mass);
    mass += sign * part.mass;
    east += sign * part.east;
    north += sign * part.north;
  }
  if (mass !== 0) return [east / (3 * mass), north / (3 * mass)];
  const [longitude = 0, latitude = 0] = outlines(area)[0]?.[0] ?? [];
  return [longitude, latitude];
}

/** Twice the area within an outline, and its moments about both axes; negative when clockwise. */
function moments(outline: Position[]): { mass: number; east: number; north: number } {
  let [mass, east, north] = [0, 0, 0];
  for (const [index, [x1 = 0, y1 = 0]] of outline.entries()) {
    const [x2 = x1, y2 = y1] = outline[index + 1] ?? [];
    const cross = x1 * y2 - x2 * y1;
    mass += cross;
    east += (x1 + x2) * cross;
    north += (y1 + y2) * cross;
  }
  return { mass, east, north };
}
