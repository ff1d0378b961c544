import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { Incident } from '../model.ts';
import type { SizeMeasure } from '../state.ts';
import type { Texts } from '../text/index.ts';
import { placeInWords, timeInWords, tollInWords } from '../words.ts';
import type { PointedCluster, PointedIncident } from './pointed.ts';

/**
 * Title, date, toll and precision of an incident, as text nodes; how many one mark stands for, where
 * that is not the incident alone.
 */
export function tooltipContent(
  t: Texts,
  incident: Incident | PointedIncident,
  among?: number,
): HTMLElement {
  const content = document.createElement('div');
  const title = line('tooltip-title', incident.properties.title);
  title.lang = 'en';
  content.append(
    title,
    line('tooltip-line', `${timeInWords(t, incident, 'long')} · ${tollInWords(t, incident)}`),
    line('tooltip-place', placeInWords(t, incident)),
    ...(among === undefined ? [] : [line('tooltip-place', t.map.among(among))]),
  );
  return content;
}

/** As many titles as a tooltip has room for. */
const mostTitles = 4;

/**
 * How many incidents a cluster holds, of which types, the most frequent first; and, as far as they
 * are known, which.
 */
export function clusterContent(
  t: Texts,
  { count, types, ...tolls }: PointedCluster,
  known: readonly Incident[],
  size: SizeMeasure,
): HTMLElement {
  const content = document.createElement('div');
  const each = incidentTypeCodes
    .map((type) => ({ type, count: types[type] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
  content.append(
    line('tooltip-title', t.list.count(count)),
    ...(size === 'incidents'
      ? []
      : [line('tooltip-line', t.map.sum[size](tolls[size].highest, tolls[size].given, count))]),
    ...each.map(({ type, count }) => line('tooltip-line', `${t.number(count)} × ${t.types[type]}`)),
    ...titles(t, count, known),
  );
  return content;
}

function titles(t: Texts, count: number, known: readonly Incident[]): HTMLElement[] {
  if (known.length === 0) return [];
  const list = document.createElement('ul');
  list.append(
    ...known.slice(0, mostTitles).map(({ properties }) => {
      const item = document.createElement('li');
      item.lang = 'en';
      item.textContent = properties.title;
      return item;
    }),
  );
  const left = count - Math.min(known.length, mostTitles);
  return left > 0 ? [list, line('tooltip-place', t.map.more(left))] : [list];
}

function line(name: string, text: string): HTMLElement {
  const element = document.createElement('p');
  element.className = name;
  element.textContent = text;
  return element;
}
