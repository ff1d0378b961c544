/** Pure: how to cite an incident, as it stood in the record on a day, and how to embed a map. */

import type { Incident } from './model.ts';
import { hiddenAtFirst, type Place } from './state.ts';
import { writeEmbedAddress } from './url.ts';

export const citationForms = ['plain', 'bibtex', 'csl'] as const;
export type CitationForm = (typeof citationForms)[number];

export interface Cited {
  readonly incident: Incident;
  /** `https://…`, without a slash at the end. */
  readonly origin: string;
  /** The day of reading, `2026-11-23`. */
  readonly accessed: string;
}

/**
 * The permanent address of the incident as it stands now: `as_of` keeps that state even when the
 * record is corrected later.
 */
export function citedAddress({ incident, origin }: Omit<Cited, 'accessed'>): string {
  const query = new URLSearchParams({ as_of: incident.properties.recorded_at });
  return `${origin}/api/collections/incidents/items/${encodeURIComponent(incident.id)}?${query}`;
}

/** A citation in plain text, as BibTeX, or as CSL-JSON. */
export function citation(form: CitationForm, cited: Cited): string {
  const { incident, accessed } = cited;
  const { title, recorded_at: recorded } = incident.properties;
  const [year = '', month = '', day = ''] = recorded.slice(0, 10).split('-');
  const address = citedAddress(cited);
  switch (form) {
    case 'plain':
      return `Strike Atlas. “${title}”. Incident ${incident.id}, record of ${recorded}. ${address} (accessed ${accessed}).`;
    case 'bibtex':
      return [
        `@misc{strike-atlas-${incident.id},`,
        '  author       = {{Strike Atlas}},',
        `  title        = {${escapeBibtex(title)}},`,
        `  year         = {${year}},`,
        `  month        = {${Number(month)}},`,
        `  howpublished = {\\url{${address}}},`,
        `  note         = {Incident ${incident.id}, record of ${recorded}; accessed ${accessed}}`,
        '}',
      ].join('\n');
    case 'csl':
      return JSON.stringify(
        [
          {
            id: `strike-atlas-${incident.id}`,
            type: 'dataset',
            title,
            author: [{ literal: 'Strike Atlas' }],
            publisher: 'Strike Atlas',
            issued: { 'date-parts': [[Number(year), Number(month), Number(day)]] },
            accessed: { 'date-parts': [accessed.split('-').map(Number)] },
            number: incident.id,
            version: recorded,
            URL: address,
          },
        ],
        null,
        2,
      );
  }
}

/** Characters that BibTeX would take for its own. */
function escapeBibtex(text: string): string {
  return text.replace(/[\\{}]/g, '').replace(/[&%$#_]/g, '\\$&');
}

/** A frame with a light map of a place, for other people's pages; `title` says what is in it. */
export function embedCode(place: Place, title: string, origin: string): string {
  const address = escapeHtml(`${origin}${writeEmbedAddress(place)}`);
  return `<iframe src="${address}" title="${escapeHtml(title)}" width="100%" height="520" loading="lazy" style="border:0"></iframe>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

/** The map about one incident, so near that what its point stands for fills a part of it. */
export function placeOf({ id, geometry, properties }: Incident): Place {
  const [longitude, latitude] = geometry.coordinates;
  const metresPerPixel = properties.uncertainty_m / discRadius;
  const perPixelAtZero = equatorPerPixel * Math.cos((latitude * Math.PI) / 180);
  const zoom = Math.min(nearest, Math.max(farthest, Math.log2(perPixelAtZero / metresPerPixel)));
  return {
    filter: {},
    sort: null,
    view: { zoom: Number(zoom.toFixed(1)), latitude, longitude },
    open: { kind: 'incident', id },
    hidden: hiddenAtFirst,
    size: 'incidents',
    language: null,
    theme: 'system',
  };
}

/** Metres of the equator in a pixel of zoom 0, whose one tile has 512. */
const equatorPerPixel = 40_075_017 / 512;
/** Radius in pixels of the disc of uncertainty. */
const discRadius = 60;
const nearest = 8.5;
const farthest = 4;
