import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { customProperties, type Theme, themes } from '../../client/map/theme.ts';
import { codesOf } from '../domain/vocabulary.ts';
import { mapRules, type Palette } from './map/rules.ts';

const sheet = readFileSync(new URL('style.css', import.meta.url), 'utf8');

/** The style sheet of the pages, in the colours of the map's two themes. */
export const style = [
  `:root{color-scheme:light;${customProperties(themes.light)}}`,
  `@media (prefers-color-scheme:dark){:root{color-scheme:dark;${customProperties(themes.dark)}}}`,
  squeezed(sheet),
  mapRules(customised(themes.light)),
].join('');

/** A theme's colours by the names under which {@link customProperties} writes them. */
function customised(theme: Theme): Palette {
  return { map: named('map', theme.map), types: named('type', theme.types) };
}

function named<Name extends string>(
  group: string,
  colours: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const values: Record<Name, string> = { ...colours };
  for (const name of codesOf(colours)) values[name] = `var(--${group}-${name})`;
  return values;
}

/** Comments and needless white space left out. */
function squeezed(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .trim();
}

/** The service's sign, in the page itself, so that a page is one request. */
export const icon = `data:image/svg+xml;base64,${readFileSync(
  new URL('../../client/assets/icon.svg', import.meta.url),
).toString('base64')}`;

/** No script, nothing from elsewhere; the one style sheet by its hash, forms to this service only. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
