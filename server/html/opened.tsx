import type { Geometry } from 'geojson';
import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { incidentInFull, region as regionFeature } from '../../client/model.ts';
import { directions } from '../../client/text/index.ts';
import { type Bbox, formatBbox } from '../domain/bbox.ts';
import type { CollectionId } from '../domain/collections.ts';
import { type Link, mediaTypes, urls } from '../routes/links.ts';
import { describeIncident, IncidentArticle } from './incident.tsx';
import { Footer, Header, type Step } from './page.tsx';
import { RegionArticle, regionName } from './region.tsx';
import { style } from './style.ts';
import { Worded, type Words } from './words.ts';

/** A record that the map opens at its own address. */
export interface Opened {
  readonly title: string;
  readonly description: string;
  /** The address that others should link to. */
  readonly canonical: string;
  readonly picture: { readonly href: string; readonly description: string } | null;
  readonly path: readonly Step[];
  readonly links: readonly Link[];
  readonly article: ComponentChildren;
}

/** An incident, given as JSON text, with the area that its point stands for. */
export function openedIncident(words: Words, feature: string, area: Geometry | null): Opened {
  const { p, base } = words;
  const incident = incidentInFull(JSON.parse(feature), 'incident');
  const { id } = incident;
  const { title } = incident.properties;
  const canonical = urls.incident(base, id);
  const record = urls.item(base, 'incidents', id);
  return {
    title,
    description: describeIncident(words, incident),
    canonical,
    picture: {
      href: urls.preview(base, id, words.language),
      description: p.incident.mapOf(title),
    },
    path: pathTo(words, 'incidents', { title, href: canonical }),
    links: dataLinks(record),
    article: (
      <IncidentArticle
        incident={incident}
        area={area}
        twin={{ title: p.incident.asRecord, href: record }}
      />
    ),
  };
}

/** A region, given as JSON text. */
export function openedRegion(words: Words, feature: string): Opened {
  const { p, base } = words;
  const region = regionFeature(JSON.parse(feature), 'region');
  const { id } = region;
  const title = regionName(words, region);
  const canonical = urls.region(base, id);
  const record = urls.item(base, 'regions', id);
  return {
    title,
    description: `${title}. ${p.about.regions}`,
    canonical,
    picture: null,
    path: pathTo(words, 'regions', { title, href: canonical }),
    links: dataLinks(record),
    article: <RegionArticle region={region} twin={{ title: p.incident.asRecord, href: record }} />,
  };
}

function pathTo({ p, base }: Words, collection: CollectionId, last: Step): Step[] {
  return [
    { title: p.map, href: urls.map(base) },
    { title: p.titles[collection], href: urls.items(base, collection) },
    last,
  ];
}

function dataLinks(record: string): Link[] {
  return [
    { rel: 'alternate', href: `${record}?f=geojson`, type: mediaTypes.geojson, title: 'GeoJSON' },
  ];
}

/** Longest description that previews show whole. */
const longest = 300;

/**
 * The map's own page with a record in it: what a preview shows, and the record in words. Without
 * JavaScript that is the page; with it the map takes over (`client/served.ts`).
 * @throws {Error} where the built page is not as it was when this was written.
 */
export function openedPage(
  template: string,
  words: Words,
  opened: Opened,
  picture: string,
): string {
  const { language, t } = words;
  const title = `${opened.title} – ${t.app.name}`;
  const head = render(<Head words={words} opened={opened} title={title} />);
  const body = render(
    <Worded value={words}>
      <div data-served="">
        <Header steps={opened.path} />
        <div id="content">{opened.article}</div>
        <Footer links={opened.links} />
      </div>
    </Worded>,
  );
  const own = `<style data-served="">${style}#map,#first{display:none}</style>`;
  return replaced(template, [
    [/<html lang="en">/, `<html lang="${language}" dir="${directions[language]}">`],
    [/<title>[^<]*<\/title>\s*<meta\s+name="description"[^>]*>/, `${head}${own}`],
    [/<link rel="stylesheet"/g, '<link data-held="" media="not all" rel="stylesheet"'],
    [/<div id="panels"><\/div>/, `<div id="panels">${body}</div>${picture}`],
  ]);
}

/**
 * The map's own page with a picture of its first view, and for those without JavaScript the way to
 * the same incidents in words, `href`.
 * @throws {Error} where the built page is not as it was when this was written.
 */
export function mapPage(
  template: string,
  { language, t, p }: Words,
  { href, picture }: { readonly href: string; readonly picture: string },
): string {
  const otherwise = render(
    <noscript>
      <div class="served-words">
        <h1>{t.app.name}</h1>
        <p>{t.app.tagline}</p>
        <p>
          {p.withoutScript} <a href={href}>{p.incidentsInWords}</a>
        </p>
      </div>
    </noscript>,
  );
  return replaced(template, [
    [/<html lang="en">/, `<html lang="${language}" dir="${directions[language]}">`],
    [/<div id="panels"><\/div>/, `<div id="panels"></div>${otherwise}${picture}`],
  ]);
}

/** What the server adds to the page for frames. */
export interface Framed {
  /** A table of the same incidents, which the page leads to without JavaScript. */
  readonly href: string;
  /** What the map opens on; null where its address or the map itself decides. */
  readonly box: Bbox | null;
  /** Of the first view, as markup. */
  readonly picture: string;
}

/** The page for frames. */
export function embedPage(
  template: string,
  { language, p }: Words,
  { href, box, picture }: Framed,
): string {
  const otherwise = render(
    <noscript>
      <p class="served-words">
        {p.withoutScript}{' '}
        <a href={href} target="_blank" rel="noopener">
          {p.incidentsInWords}
        </a>
      </p>
    </noscript>,
  );
  return replaced(template, [
    [/<html lang="en">/, `<html lang="${language}" dir="${directions[language]}">`],
    [/<div id="panels"><\/div>/, `<div id="panels"></div>${otherwise}${picture}`],
    [
      /<main id="map">/,
      box === null ? '<main id="map">' : `<main id="map" data-box="${formatBbox(box)}">`,
    ],
  ]);
}

function replaced(
  text: string,
  marks: readonly (readonly [mark: RegExp, words: string])[],
): string {
  return marks.reduce((page, [mark, words]) => {
    if (!mark.test(page)) throw new Error(`the built page lacks ${mark}`);
    return page.replace(mark, () => words);
  }, text);
}

interface HeadProps {
  readonly words: Words;
  readonly opened: Opened;
  readonly title: string;
}

function Head({ words: { language, t }, opened, title }: HeadProps) {
  const { canonical, picture, links } = opened;
  const description = shortened(opened.description);
  return (
    <>
      <title>{title}</title>
      <meta name="description" content={description} />
      <link rel="canonical" href={canonical} />
      {links
        .filter(({ rel }) => rel === 'alternate')
        .map(({ href, type, title: name }) => (
          <link key={href} rel="alternate" href={href} type={type} title={name} />
        ))}
      <meta property="og:type" content="article" />
      <meta property="og:site_name" content={t.app.name} />
      <meta property="og:locale" content={language === 'uk' ? 'uk_UA' : 'en_GB'} />
      <meta property="og:title" content={opened.title} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={canonical} />
      {picture !== null && (
        <>
          <meta property="og:image" content={picture.href} />
          <meta property="og:image:type" content="image/png" />
          <meta property="og:image:width" content="1200" />
          <meta property="og:image:height" content="630" />
          <meta property="og:image:alt" content={picture.description} />
        </>
      )}
      <meta name="twitter:card" content={picture === null ? 'summary' : 'summary_large_image'} />
      <meta name="twitter:title" content={opened.title} />
      <meta name="twitter:description" content={description} />
      {picture !== null && <meta name="twitter:image" content={picture.href} />}
    </>
  );
}

/** Cut at a space, with an ellipsis, where it is longer than previews show. */
function shortened(text: string): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest);
  return `${cut.slice(0, cut.lastIndexOf(' '))}…`;
}
