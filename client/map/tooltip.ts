import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { Incident } from '../model.ts';
import type { SizeMeasure } from '../state.ts';
import type { Texts } from '../text/index.ts';
import { placeInWords, timeInWords, tollInWords } from '../words.ts';
import type { PointedCluster, PointedIncident } from './pointed.ts';

/** Title, date, toll and precision of an incident, as text nodes. */
export function tooltipContent(t: Texts, incident: Incident | PointedIncident): HTMLElement {
  const content = document.createElement('div');
  const title = line('tooltip-title', incident.properties.title);
  title.lang = 'en';
  content.append(
    title,
    line('tooltip-line', `${timeInWords(t, incident, 'long')} · ${tollInWords(t, incident)}`),
    line('tooltip-place', placeInWords(t, incident)),
  );
  return content;
}

/** How many incidents a cluster holds, of which types, the most frequent first. */
export function clusterContent(
  t: Texts,
  { count, types, ...tolls }: PointedCluster,
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
  );
  return content;
}

function line(name: string, text: string): HTMLElement {
  const element = document.createElement('p');
  element.className = name;
  element.textContent = text;
  return element;
}
