import type { Feature } from 'flatgeobuf/lib/mjs/flat-geobuf/feature.js';
import { deserialize, parseProperties } from 'flatgeobuf/lib/mjs/generic.js';
import type { HeaderMeta } from 'flatgeobuf/lib/mjs/header-meta.js';
import { parquetReadObjects } from 'hyparquet';
import type { FormatId } from '../../server/formats/formats.ts';

/** Formats that hold everything that a filter selects. */
export type FileFormat = Exclude<FormatId, 'geojson' | 'atom'>;

/** Ids of the features in a file, in its order, each format read by another's reader. */
export const idsIn: Readonly<Record<FileFormat, (content: Buffer) => Promise<string[]>>> = {
  geojsonseq: async (content) =>
    content
      .toString()
      .split('\u001e')
      .slice(1)
      .map((record) => {
        const { id }: { id: string } = JSON.parse(record);
        return id;
      }),
  csv: async (content) =>
    [...content.toString().matchAll(/^(\d{4}-\d{2}-\d{2}-[a-z0-9-]+),/gm)].map(([, id = '']) => id),
  kml: async (content) =>
    [...content.toString().matchAll(/<SimpleData name="id">([^<]+)</g)].map(([, id = '']) => id),
  fgb: async (content) => {
    const ids: string[] = [];
    let header: HeaderMeta | undefined;
    const reading = deserialize(new Uint8Array(content), {
      headerMetaFn: (meta: HeaderMeta) => {
        header = meta;
      },
      fromFeature: (_id: number, feature: Feature) => {
        ids.push(String(parseProperties(feature, header?.columns).id));
        return {};
      },
    });
    for await (const _feature of reading);
    return ids;
  },
  parquet: async (content) => {
    const rows = await parquetReadObjects({ file: new Uint8Array(content).buffer });
    return rows.map(({ id }) => String(id));
  },
};
