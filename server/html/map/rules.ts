import type { Theme } from '../../../client/map/theme.ts';
import { codesOf, incidentTypes } from '../../domain/vocabulary.ts';

/** The colours that a picture is drawn in, as CSS values. */
export type Palette = Readonly<{
  map: Readonly<Record<keyof Theme['map'], string>>;
  types: Theme['types'];
}>;

/** How the parts of a picture look, as CSS: for a page by its custom properties, or in one theme. */
export function mapRules({ map, types }: Palette): string {
  return [
    `.sea{fill:${map.sea}}`,
    `.land{fill:${map.land}}`,
    `.ukraine{fill:${map.ukraine}}`,
    `.land,.ukraine{stroke:${map.coast};stroke-width:1.2;fill-rule:evenodd}`,
    `.region-border,.country-border{fill:none;stroke-linejoin:round}`,
    `.region-border{stroke:${map.regionBorder};stroke-width:1.4}`,
    `.country-border{stroke:${map.countryBorder};stroke-width:2}`,
    `.hatch{stroke:${map.claim};stroke-width:1.6}`,
    `.dot{fill:${map.area}}`,
    `.area{fill-rule:evenodd;stroke-linejoin:round}`,
    `.region{fill:transparent;stroke:${map.labelMuted};stroke-width:1.6}`,
    `.claimed{fill:url(#hatch);stroke:${map.claim};stroke-width:2;stroke-dasharray:7 5}`,
    `.uncertain{fill:url(#dots);stroke:${map.area};stroke-width:1.6;stroke-dasharray:6 5}`,
    `.disc{fill:${map.area};fill-opacity:.1;stroke:${map.area};stroke-width:1.3}`,
    `.sign{stroke:${map.casing};stroke-width:2.4;paint-order:stroke;fill-rule:evenodd}`,
    `.place{fill:${map.town};stroke:${map.casing};stroke-width:1.5}`,
    `.town-dot{fill:${map.town}}`,
    `.name{text-anchor:middle;fill:${map.label};stroke:${map.halo};stroke-width:3.5;stroke-linejoin:round;paint-order:stroke;font-size:15px}`,
    `.name.country{fill:${map.labelMuted};font-size:17px;letter-spacing:2px}`,
    `.name.sea{fill:${map.seaLabel};stroke:${map.sea};font-style:italic;font-size:17px}`,
    `.scale path{fill:none;stroke:${map.label};stroke-width:1.6}`,
    `.scale text{fill:${map.label};stroke:${map.halo};stroke-width:3;paint-order:stroke;font-size:14px}`,
    ...codesOf(incidentTypes).map(
      (type) => `.type-${type}{fill:${types[type]}}.ring-${type}{stroke:${types[type]}}`,
    ),
  ].join('');
}
