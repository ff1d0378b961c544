import { csvRecords } from './csv.ts';
import type { ImportFormat } from './format.ts';
import { columnsFor, incidentBy, type Mapping, recordBy } from './mapping.ts';

/** Any table by a mapping. */
export const mappedCsv = (mapping: Mapping): ImportFormat => ({
  title: 'CSV, by a mapping',
  dataset: mapping.dataset,
  read: (files) =>
    csvRecords(files, {
      required: columnsFor(mapping),
      recordOf: (row) => recordBy(mapping, row),
      toIncident: (row) => incidentBy(mapping, row, null),
    }),
});
