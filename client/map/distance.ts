/** Mean radius of the earth (IUGG), km. */
const radius = 6371.0088;

/** Great-circle distance between two points given as longitude and latitude in degrees, km. */
export function distanceKm(
  one: readonly [number, number],
  other: readonly [number, number],
): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [lat1, lat2] = [radians(one[1]), radians(other[1])];
  const halfLat = (lat2 - lat1) / 2;
  const halfLon = radians(other[0] - one[0]) / 2;
  const a = Math.sin(halfLat) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(halfLon) ** 2;
  return 2 * radius * Math.asin(Math.sqrt(a));
}
