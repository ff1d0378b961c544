import type { Incident } from '../model.ts';
import type { Texts } from '../text/index.ts';
import { placeInWords, timeInWords, tollInWords } from '../words.ts';

/** Title, date, toll and precision of an incident, as text nodes. */
export function tooltipContent(t: Texts, incident: Incident): HTMLElement {
  const line = (name: string, text: string) => {
    const element = document.createElement('p');
    element.className = name;
    element.textContent = text;
    return element;
  };
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
