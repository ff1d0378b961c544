/** Landing page, conformance, collections, changes and counts, and any other document as it is. */

import type { ComponentChildren } from 'preact';
import type { Texts } from '../../client/text/index.ts';
import { countryInWords, edtfInWords } from '../../client/words.ts';
import { type Dimension, summedMeasures } from '../domain/aggregate.ts';
import { type CollectionId, collections, isCollectionId } from '../domain/collections.ts';
import { formatIds, refusalOf } from '../formats/formats.ts';
import type { Group, MeasureSums } from '../queries/aggregate.ts';
import type { Change } from '../queries/changes.ts';
import { type Link, urls } from '../routes/links.ts';
import { fieldName, type Given } from './form.tsx';
import { collectionSteps, Neighbours, self } from './items.tsx';
import type { Page, Step } from './page.tsx';
import { OutwardLink } from './parts.tsx';
import { useWords, type Words } from './words.ts';

interface LandingDocument {
  readonly title: string;
  readonly description: string;
  readonly attribution: string;
  readonly links: readonly Link[];
}

export function landingPage(document: LandingDocument): Page {
  const { title, description, links } = document;
  return { title, description, path: [], links, content: <Landing document={document} /> };
}

function Landing({ document }: { document: LandingDocument }) {
  const { p, base } = useWords();
  const { title, attribution, links } = document;
  const shown = ['service-desc', 'service-doc', 'conformance', 'data'];
  return (
    <>
      <h1>{title}</h1>
      <p class="lead">{p.landing.lead}</p>
      <ul class="pages">
        <li>
          <a href={urls.map(base)}>{p.map}</a>
        </li>
        <li>
          <a href={urls.items(base, 'incidents')}>{p.titles.incidents}</a>
        </li>
      </ul>
      <h2>{p.landing.collections}</h2>
      <CollectionCards ids={Object.keys(collections).filter(isCollectionId)} />
      <h2>{p.landing.use}</h2>
      <p class="hint">{p.landing.useHint}</p>
      <pre>
        <code>{`curl "${urls.items(base, 'incidents')}?type=drone_strike&datetime=2025-08-01/2025-08-07&f=geojson"
ogrinfo OAPIF:${urls.landing(base)}`}</code>
      </pre>
      <h2>{p.landing.more}</h2>
      <ul class="plain">
        {links
          .filter(({ rel }) => shown.includes(rel))
          .map(({ href, title: name }) => (
            <li key={href}>
              <a href={href}>{name}</a>
            </li>
          ))}
        <li>
          <a href={`${urls.aggregate(base)}?by=month,type`}>{p.landing.aggregate}</a>
        </li>
        <li>
          <a href={urls.matrixSets(base)}>{p.landing.matrixSets}</a>
        </li>
      </ul>
      <p class="hint apart" lang="en">
        {attribution}
      </p>
    </>
  );
}

function CollectionCards({ ids }: { ids: readonly CollectionId[] }) {
  const { p, base } = useWords();
  return (
    <ul class="cards">
      {ids.map((id) => (
        <li key={id}>
          <h3>
            <a href={urls.items(base, id)}>{p.titles[id]}</a>
          </h3>
          <p>{p.about[id]}</p>
        </li>
      ))}
    </ul>
  );
}

export function conformancePage(
  { p, base }: Words,
  classes: readonly string[],
  links: readonly Link[],
): Page {
  return {
    title: p.conformance.title,
    description: p.conformance.hint,
    path: [{ title: p.conformance.title, href: urls.conformance(base) }],
    links,
    content: (
      <>
        <h1>{p.conformance.title}</h1>
        <p class="lead">{p.conformance.hint}</p>
        <ul class="plain">
          {classes.map((uri) => (
            <li key={uri}>
              <OutwardLink href={uri}>
                <code>{uri.replace('http://www.opengis.net/spec/', '')}</code>
              </OutwardLink>
            </li>
          ))}
        </ul>
      </>
    ),
  };
}

interface CollectionDocument {
  readonly id: CollectionId;
  readonly title: string;
  readonly description: string;
  readonly crs: readonly string[];
  readonly extent: {
    readonly spatial?: { readonly bbox: readonly (readonly number[])[] };
    readonly temporal?: { readonly interval: readonly (readonly (string | null)[])[] };
  };
  readonly links: readonly Link[];
}

export function collectionsPage(words: Words, links: readonly Link[]): Page {
  const { p, base } = words;
  return {
    title: p.collections.title,
    description: p.collections.title,
    path: [{ title: p.collections.title, href: urls.collections(base) }],
    links,
    content: (
      <>
        <h1>{p.collections.title}</h1>
        <ul class="cards">
          {Object.keys(collections)
            .filter(isCollectionId)
            .map((id) => (
              <li key={id}>
                <h2>
                  <a href={urls.collection(base, id)}>{p.titles[id]}</a>
                </h2>
                <p>{p.about[id]}</p>
              </li>
            ))}
        </ul>
      </>
    ),
  };
}

export function collectionPage(words: Words, document: CollectionDocument): Page {
  const { p, base } = words;
  const { id, links } = document;
  const title = p.titles[id];
  return {
    title,
    description: p.about[id],
    path: [
      { title: p.collections.title, href: urls.collections(base) },
      { title, href: urls.collection(base, id) },
    ],
    links,
    content: <CollectionContent document={document} />,
  };
}

function CollectionContent({ document }: { document: CollectionDocument }) {
  const { t, p, base } = useWords();
  const { id, description, crs, extent, links } = document;
  const [box] = extent.spatial?.bbox ?? [];
  const [interval] = extent.temporal?.interval ?? [];
  const day = (instant: string | null | undefined) =>
    edtfInWords(t, instant?.slice(0, 10) ?? '', 'long');
  const { licence } = collections[id];
  const known = ['self', 'items', 'license', 'root', 'alternate'];
  return (
    <>
      <h1>{p.titles[id]}</h1>
      <p class="lead">{p.about[id]}</p>
      <ul class="pages">
        <li>
          <a href={urls.items(base, id)}>{p.collections.browse}</a>
        </li>
      </ul>
      <dl class="facts">
        <dt>{p.collections.description}</dt>
        <dd lang="en">{description}</dd>
        {box !== undefined && (
          <>
            <dt>{p.collections.space}</dt>
            <dd>{box.map((degrees) => degrees.toFixed(2)).join(', ')}</dd>
          </>
        )}
        {interval !== undefined && (
          <>
            <dt>{p.collections.time}</dt>
            <dd>{p.collections.timeSpan(day(interval[0]), day(interval[1]))}</dd>
          </>
        )}
        <dt>{p.collections.licence}</dt>
        <dd>
          <OutwardLink href={licence.href}>{licence.title}</OutwardLink>
        </dd>
        <dt>{p.collections.itemsAs}</dt>
        <dd>
          <ul class="inline">
            {formatIds
              .filter((format) => refusalOf(format, id, 'point') === undefined)
              .map((format) => (
                <li key={format}>
                  <a href={urls.items(base, id, [['f', format]])}>{p.formats[format]}</a>
                </li>
              ))}
          </ul>
        </dd>
        <dt>{p.landing.more}</dt>
        <dd>
          <ul class="inline">
            {links
              .filter(({ rel }) => !known.includes(rel))
              .map(({ href, title: name }) => (
                <li key={href}>
                  <a href={href}>{name}</a>
                </li>
              ))}
            {id === 'incidents' && (
              <li>
                <a href={`${urls.aggregate(base)}?by=month`}>{p.collections.aggregate}</a>
              </li>
            )}
            {(id === 'incidents' || id === 'regions') && (
              <li>
                <a href={urls.tiles(base, id)}>{p.collections.tiles}</a>
              </li>
            )}
          </ul>
        </dd>
        <dt>{p.collections.systems}</dt>
        <dd>
          <ul>
            {crs.map((uri) => (
              <li key={uri}>
                <code>{uri.replace('http://www.opengis.net/def/crs/', '')}</code>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </>
  );
}

interface ChangesDocument {
  readonly since: string;
  readonly numberMatched: number;
  readonly changes: readonly Change[];
  readonly links: readonly Link[];
}

export function changesPage(words: Words, document: ChangesDocument): Page {
  const { p } = words;
  const { since, changes, numberMatched, links } = document;
  return {
    title: p.changes.title,
    description: p.changes.hint(since),
    path: [{ title: p.changes.title, href: self(links) }],
    links,
    content: (
      <>
        <h1>{p.changes.title}</h1>
        <p class="lead">{p.changes.hint(since)}</p>
        <p class="hint">{p.items.shown(changes.length, numberMatched)}</p>
        {changes.length === 0 ? (
          <p class="notice">{p.items.nothing}</p>
        ) : (
          <ChangeTable changes={changes} />
        )}
        <Neighbours links={links} />
      </>
    ),
  };
}

function ChangeTable({ changes }: { changes: readonly Change[] }) {
  const { p, base } = useWords();
  const { columns } = p.changes;
  return (
    <table class="blocks">
      <thead>
        <tr>
          <th scope="col">{columns.record}</th>
          <th scope="col">{columns.change}</th>
          <th scope="col">{columns.at}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ collection, id, change, at }) => (
          <tr key={`${collection} ${id} ${change}`}>
            <td class="name">
              {/* A territorial claim is part of its region and has no address of its own. */}
              {change === 'withdrawn' || !isCollectionId(collection) || collection === 'regions' ? (
                id
              ) : (
                <a href={urls.item(base, collection, id)}>{id}</a>
              )}
              <span class="aside">{collection}</span>
            </td>
            <td data-name={columns.change}>{p.changes.kinds[change]}</td>
            <td data-name={columns.at}>
              <time dateTime={at}>{at}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface AggregateContent {
  readonly dimensions: readonly Dimension[];
  readonly groups: readonly Group[];
  readonly numberMatched: number;
  readonly links: readonly Link[];
  readonly given: Given;
}

export function aggregatePage(words: Words, content: AggregateContent): Page {
  const { p, base } = words;
  const { title } = p.aggregate;
  return {
    title,
    description: p.aggregate.hint(content.numberMatched),
    path: [
      { title: p.collections.title, href: urls.collections(base) },
      { title: p.titles.incidents, href: urls.collection(base, 'incidents') },
      { title, href: self(content.links) },
    ],
    links: content.links,
    content: <Aggregate content={content} />,
  };
}

/** Counts that are offered beside the one on show. */
const offered = ['month', 'week', 'type', 'region', 'attacker', 'target', 'month,type'] as const;

function Aggregate({ content }: { content: AggregateContent }) {
  const words = useWords();
  const { t, p, base } = words;
  const { dimensions, groups, numberMatched, given } = content;
  const { by: _by, f: _f, ...filter } = given;
  const others = offered.filter((by) => by !== dimensions.join());
  const most = Math.max(1, ...groups.map(({ incidents }) => incidents));
  const measures = summedMeasures.filter((measure) =>
    groups.some(({ sums }) => sums[measure] !== undefined),
  );
  return (
    <>
      <h1>{p.aggregate.title}</h1>
      <p class="lead">{p.aggregate.hint(numberMatched)}</p>
      <p class="hint">
        {Object.entries(filter)
          .map(([name, value]) => `${fieldName(words, name)}: ${value}`)
          .join(' · ')}
      </p>
      <p class="hint">
        {p.aggregate.by}{' '}
        {others.map((by, index) => (
          <span key={by}>
            {index > 0 && ' · '}
            <a href={`${urls.aggregate(base)}?${new URLSearchParams({ ...defined(filter), by })}`}>
              {by
                .split(',')
                .map((name) => dimensionName(p.aggregate.dimensions, name))
                .join(', ')}
            </a>
          </span>
        ))}
      </p>
      <Scrolled>
        <table>
          <thead>
            <tr>
              {dimensions.map((name) => (
                <th key={name} scope="col">
                  {p.aggregate.dimensions[name]}
                </th>
              ))}
              <th scope="col">{p.aggregate.incidents}</th>
              {measures.map((measure) => (
                <th key={measure} scope="col">
                  {t.measures[measure]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(({ keys, incidents, sums }) => (
              <tr key={keys.join()}>
                {dimensions.map((name, index) => (
                  <td key={name}>{keyInWords(words, name, keys[index] ?? null)}</td>
                ))}
                <td class="bar">
                  {t.number(incidents)}
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={((incidents / most) * 100).toFixed(1)} height="8" />
                  </svg>
                </td>
                {measures.map((measure) => (
                  <td key={measure}>
                    <Sums sums={sums[measure]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </>
  );
}

function Sums({ sums }: { sums: MeasureSums | undefined }) {
  const { t, p } = useWords();
  if (sums === undefined) return null;
  const { lowest, highest, latest, given, not_given: missing } = sums;
  if (lowest === null || highest === null) return <span class="hint">{p.notGiven}</span>;
  return (
    <>
      <b>
        {lowest === highest
          ? t.number(lowest)
          : t.values.range(t.number(lowest), t.number(highest))}
      </b>
      <span class="aside">
        {latest !== null && `${p.items.latest(t.number(latest))}; `}
        {t.number(given)} / {t.number(given + missing)} {p.aggregate.given}
      </span>
    </>
  );
}

function defined(given: Given): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function dimensionName(names: Readonly<Record<string, string>>, name: string): string {
  return names[name] ?? name;
}

function keyInWords({ t, p }: Words, dimension: Dimension, key: string | null): string {
  if (key === null) return p.aggregate.notOne;
  switch (dimension) {
    case 'day':
    case 'days':
    case 'month':
    case 'year':
      return edtfInWords(t, key, 'short');
    case 'type':
      return named(t.types, key);
    case 'attacker':
      return named(t.attackers, key);
    case 'target':
      return named(t.targets, key);
    case 'country':
      return countryInWords(t, key);
    case 'region':
      return key === 'unassigned' ? unassigned(t) : key;
    case 'week':
      return key;
  }
}

const named = (names: Readonly<Record<string, string>>, code: string): string =>
  names[code] ?? code;
const unassigned = (t: Texts): string => t.filter.unassigned;

interface SchemaProperty {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly (string | null)[];
  readonly items?: SchemaProperty;
}

/** What a collection can be filtered or sorted by, or what its features have. */
export function schemaPage(
  words: Words,
  collection: CollectionId,
  name: 'queryables' | 'sortables' | 'schema',
  properties: Readonly<Record<string, SchemaProperty>>,
  links: readonly Link[],
): Page {
  const { p } = words;
  const title = p.schemas[name];
  return {
    title: `${p.titles[collection]}: ${title}`,
    description: title,
    path: [...collectionSteps(words, collection), { title, href: self(links) }],
    links,
    content: (
      <>
        <h1>{title}</h1>
        <table class="blocks">
          <thead>
            <tr>
              <th scope="col">{p.schemas.property}</th>
              <th scope="col">{p.schemas.description}</th>
              <th scope="col">{p.schemas.values}</th>
            </tr>
          </thead>
          <tbody lang="en">
            {Object.entries(properties).map(([property, schema]) => (
              <tr key={property}>
                <td class="name">
                  <code>{property}</code>
                </td>
                <td data-name={p.schemas.description}>{schema.description}</td>
                <td data-name={p.schemas.values}>{valuesOf(schema)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </>
    ),
  };
}

/** The kind of a property's values, or the values themselves where they are a closed list. */
function valuesOf({ type, format, items, ...schema }: SchemaProperty): string {
  if (items !== undefined) return valuesOf(items);
  if (schema.enum !== undefined) return schema.enum.filter((code) => code !== null).join(', ');
  return format ?? [type].flat().join(', ');
}

/** A document that has no page of its own, as nested names and values; addresses are links. */
export function documentPage(
  title: string,
  { path, links, value }: { path: readonly Step[]; links: readonly Link[]; value: object },
): Page {
  return {
    title,
    description: title,
    path,
    links,
    content: (
      <>
        <h1>{title}</h1>
        <Value value={value} />
      </>
    ),
  };
}

/** Room for a table that may be wider than the page; the keyboard reaches what is out of sight. */
function Scrolled({ children }: { children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable (WCAG 2.1.1)
    <div class="scrolled" tabIndex={0}>
      {children}
    </div>
  );
}

type JsonRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

const isFlat = (record: JsonRecord): boolean =>
  Object.values(record).every((member) =>
    Array.isArray(member) ? member.every(isPlain) : isPlain(member),
  );

/** A list of objects without objects in them, as a table. */
function Records({ records }: { records: readonly JsonRecord[] }) {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return (
    <Scrolled>
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={JSON.stringify(record)}>
              {names.map((name) => (
                <td key={name}>{name in record && <Value value={record[name]} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

/** Any JSON value: objects as names and values, lists of plain values in a row. */
function Value({ value }: { value: unknown }): ComponentChildren {
  if (Array.isArray(value)) {
    const members: unknown[] = value;
    const records = members.filter(isRecord);
    if (records.length === members.length && records.every(isFlat)) {
      return <Records records={records} />;
    }
    return (
      <ul class={members.every(isPlain) ? 'inline' : 'plain'}>
        {members.map((member, index) => (
          <li key={index}>
            <Value value={member} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <dl class="facts">
        {Object.entries(value).map(([name, member]) => (
          <>
            <dt>{name}</dt>
            <dd>
              <Value value={member} />
            </dd>
          </>
        ))}
      </dl>
    );
  }
  return <Plain value={value} />;
}

function Plain({ value }: { value: unknown }) {
  const { p } = useWords();
  if (value === null) return <span class="hint">{p.none}</span>;
  if (typeof value === 'boolean') return <>{value ? p.yes : p.no}</>;
  const text = String(value);
  // A template of addresses leads nowhere.
  return text.includes('{') ? <code>{text}</code> : <OutwardLink href={text}>{text}</OutwardLink>;
}
