import { acled } from './acled.ts';
import { fgb } from './fgb.ts';
import type { ImportFormat } from './format.ts';
import { geojson, geojsonseq } from './geojson.ts';
import { mappedCsv } from './mapped-csv.ts';
import { type Mapping, MappingError } from './mapping.ts';
import { ucdpCandidate, ucdpGed } from './ucdp.ts';
import { viina } from './viina.ts';

/** Formats that need no mapping, by the name that `--format` gives. */
export const formats: Readonly<Record<string, ImportFormat>> = {
  acled,
  'ucdp-ged': ucdpGed,
  'ucdp-candidate': ucdpCandidate,
  viina,
};

/** Formats whose columns or properties a mapping explains. */
export const mappedFormats: Readonly<Record<string, (mapping: Mapping) => ImportFormat>> = {
  csv: mappedCsv,
  geojson,
  geojsonseq,
  fgb,
};

/**
 * A format by a mapping.
 * @throws {MappingError} where the mapping takes the name of a dataset that is somebody else's.
 */
export function mapped(make: (mapping: Mapping) => ImportFormat, mapping: Mapping): ImportFormat {
  const { id } = mapping.dataset;
  const taken = ['strike-atlas', ...Object.values(formats).map(({ dataset }) => dataset.id)];
  if (taken.includes(id)) {
    throw new MappingError(`the mapping calls its dataset ${id}, which is another one's id`);
  }
  return make(mapping);
}
