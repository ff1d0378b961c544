import type { Claim, Incident } from '../../client/model.ts';

/** A made-up incident; what a test is about is given, the rest is plain. */
export function incident(
  given: Partial<Incident['properties']> & { readonly id?: string } = {},
): Incident {
  const { id = '2025-08-05-lozova', ...properties } = given;
  return {
    id,
    geometry: { type: 'Point', coordinates: [36.31412, 48.89066] },
    properties: {
      title: 'Drone attack on Lozova',
      summary: 'A summary.',
      type: 'drone_strike',
      attacker: 'RU',
      targets: ['rail'],
      country: 'UA',
      region: 'UA-63',
      region_name: { en: 'Kharkiv Oblast', uk: 'Харківська область' },
      place: 'Lozova',
      time: '2025-08-05',
      time_precision: 'exact',
      time_local: null,
      starts_at: '2025-08-05T00:00:00Z',
      ends_at: '2025-08-06T00:00:00Z',
      geo_precision: 'settlement',
      uncertainty_m: 4000,
      coordinate_source: 'GeoNames',
      area_only: false,
      figures: {},
      licence: 'CC BY 4.0',
      licence_url: 'https://creativecommons.org/licenses/by/4.0/',
      attribution: 'Made up for a test',
      recorded_at: '2026-11-20T10:00:00.123456+00:00',
      ...properties,
    },
  };
}

/** A made-up claim. */
export function claim(given: Partial<Claim> = {}): Claim {
  return {
    id: 'c01',
    measure: 'injured',
    value_min: 10,
    value_max: 10,
    qualifier: 'exact',
    text: null,
    scope: { kind: 'incident', name: null },
    attributed_to: 'A governor',
    remark: null,
    source: 's1',
    reported_at: '2025-08-05',
    status: null,
    responsibility: null,
    cause: null,
    relations: [],
    ...given,
  };
}
