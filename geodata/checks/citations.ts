import {
  type Dataset,
  type Fault,
  incidentFile,
  regionsFile,
  sourcesFile,
  territorialClaimsFile,
} from '../files.ts';
import { repeated } from './values.ts';

/** Every source that is cited exists; every source that exists is cited, and stands there once. */
export function checkSources({ incidents, sources, regions, territorialClaims }: Dataset): Fault[] {
  const citations: { file: string; record: string; source: string }[] = [];
  const cite = (file: string, record: string, ids: readonly string[]) => {
    for (const source of ids) citations.push({ file, record, source });
  };
  for (const { id, properties } of incidents) cite(incidentFile(id), id, properties.sources);
  for (const { id, properties } of regions) cite(regionsFile, id, properties.code_sources);
  const statements = [
    ...territorialClaims.territorial_claims,
    ...territorialClaims.international_responses,
    ...territorialClaims.region_notes.map(({ region, sources }) => ({ id: region, sources })),
  ];
  for (const { id, sources: ids } of statements) cite(territorialClaimsFile, id, ids);
  const reports = [...territorialClaims.control_reports, ...territorialClaims.stated_positions];
  for (const { id, source } of reports) cite(territorialClaimsFile, id, [source]);

  const known = new Set(sources.map((source) => source.id));
  const cited = new Set(citations.map(({ source }) => source));
  const urls = new Set(repeated(sources.map((source) => source.url)));
  const fault = (record: string, reason: string): Fault => ({ file: sourcesFile, record, reason });
  return [
    ...citations
      .filter(({ source }) => !known.has(source))
      .map(({ file, record, source }) => ({ file, record, reason: `no source ${source}` })),
    ...repeated(sources.map((source) => source.id)).map((id) => fault(id, 'the id is given twice')),
    ...[...urls].map((url) => {
      const ids = sources.filter((source) => source.url === url).map((source) => source.id);
      return fault(ids.join(', '), `one page more than once: ${url}`);
    }),
    ...[...known].filter((id) => !cited.has(id)).map((id) => fault(id, 'nothing cites it')),
    ...sources
      .filter((source) => source.carries !== undefined && source.kind !== 'syndicated')
      .map((source) => fault(source.id, 'carries a text, but is not syndicated')),
  ];
}
