import type { Position } from 'geojson';
import { type CollectionId, collections } from '../domain/collections.ts';
import { captions } from './captions.ts';
import { batchesOf, type ExportedFeature, type FeaturePages, type Shape } from './feature.ts';
import { type Field, type FieldType, fieldsOf, type Row, rowOf } from './fields.ts';
import type { About, Format } from './format.ts';
import { element, xml, xmlDeclaration } from './xml.ts';

/**
 * KML 2.2 (OGC 07-147r2): a Placemark for each feature, its columns as typed ExtendedData. A feature
 * of which only an area is known has no pin: its point shows its name and nothing else.
 */
export const kml: Format = {
  title: 'KML',
  mediaType: 'application/vnd.google-earth.kml+xml',
  extension: 'kml',
  isByteStable: true,
  write,
};

async function* write(pages: FeaturePages, about: About): AsyncGenerator<string> {
  const { collection } = about;
  const fields = fieldsOf(about);
  const { title, description, licence } = collections[collection];
  yield [
    xmlDeclaration,
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n',
    element('name', title),
    element('description', `${html(description)}<br>${html(`${licence.title}, ${licence.href}`)}`),
    styles,
    `<Schema name="${collection}" id="${collection}">\n`,
    ...fields.map(schemaField),
    '</Schema>\n',
  ].join('');
  for await (const features of batchesOf(pages)) {
    yield features.map((feature) => placemark(collection, fields, feature)).join('');
  }
  yield '</Document></kml>\n';
}

const styles = `
<Style id="point"><IconStyle><scale>0.8</scale></IconStyle>
<PolyStyle><color>400000ff</color></PolyStyle></Style>
<Style id="area"><IconStyle><scale>0</scale></IconStyle><LabelStyle><color>ffcccccc</color></LabelStyle>
<PolyStyle><color>400000ff</color></PolyStyle></Style>
`;

const kmlTypes: Readonly<Record<FieldType, string>> = {
  text: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'bool',
  instant: 'string',
  json: 'string',
};

function schemaField({ name, type, description }: Field): string {
  const display = element('displayName', description);
  return `<SimpleField type="${kmlTypes[type]}" name="${name}">${display}</SimpleField>\n`;
}

function placemark(
  collection: CollectionId,
  fields: readonly Field[],
  feature: ExportedFeature,
): string {
  // The captions need what the table may leave out.
  const row = rowOf(fieldsOf({ collection }), feature);
  const { title, lines } = captions[collection](row);
  return [
    '<Placemark>',
    element('name', title),
    element('description', lines.map(html).join('<br>')),
    timeSpan(row),
    element('styleUrl', row.area_only === true ? '#area' : '#point'),
    `<ExtendedData><SchemaData schemaUrl="#${collection}">`,
    ...fields.map(({ name }) => simpleData(name, row[name])),
    '</SchemaData></ExtendedData>',
    feature.geometry === null ? '' : shape(feature.geometry),
    '</Placemark>\n',
  ].join('');
}

function simpleData(name: string, value: Row[string] | undefined): string {
  if (value === undefined) return '';
  // GDAL reads the words `true` and `false` of a bool as 0.
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  return `<SimpleData name="${name}">${xml(text)}</SimpleData>`;
}

/** Both ends are included in KML. */
function timeSpan({ day, last_day: lastDay }: Row): string {
  if (typeof day !== 'string' || typeof lastDay !== 'string') return '';
  if (day === lastDay) return `<TimeStamp>${element('when', day)}</TimeStamp>`;
  return `<TimeSpan>${element('begin', day)}${element('end', lastDay)}</TimeSpan>`;
}

function shape(geometry: Shape): string {
  switch (geometry.type) {
    case 'Point':
      return `<Point>${coordinates([geometry.coordinates])}</Point>`;
    case 'Polygon':
      return polygon(geometry.coordinates);
    case 'MultiPolygon':
      return `<MultiGeometry>${geometry.coordinates.map(polygon).join('')}</MultiGeometry>`;
  }
}

function polygon([outer = [], ...holes]: Position[][]): string {
  const ring = (positions: Position[]) => `<LinearRing>${coordinates(positions)}</LinearRing>`;
  const inner = holes.map((hole) => `<innerBoundaryIs>${ring(hole)}</innerBoundaryIs>`);
  return `<Polygon><outerBoundaryIs>${ring(outer)}</outerBoundaryIs>${inner.join('')}</Polygon>`;
}

function coordinates(positions: Position[]): string {
  const list = positions.map(([longitude, latitude]) => `${longitude},${latitude}`);
  return element('coordinates', list.join(' '));
}

/** A description is shown as HTML: what is text in ours must be text there too. */
function html(text: string): string {
  return xml(text).replaceAll('\n', '<br>');
}
