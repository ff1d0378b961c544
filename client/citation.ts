/** Pure: how to cite an incident, as it stood in the record on a day. */

import type { Incident } from './model.ts';

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

/** A frame with the map and the incident opened, for other people's pages. */
export function embedCode({ incident, origin }: Omit<Cited, 'accessed'>): string {
  const address = `${origin}/?incident=${encodeURIComponent(incident.id)}`;
  const title = incident.properties.title.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<iframe src="${address}" title="${title}" width="100%" height="520" loading="lazy" style="border:0"></iframe>`;
}
