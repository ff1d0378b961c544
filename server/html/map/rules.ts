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
    `.map .sea{fill:${map.sea}}`,
    `.map .land{fill:${map.land}}`,
    `.map .ukraine{fill:${map.ukraine}}`,
    `.map .land,.map .ukraine{stroke:${map.coast};stroke-width:1.2;fill-rule:evenodd}`,
    `.map .region-border,.map .country-border{fill:none;stroke-linejoin:round}`,
    `.map .region-border{stroke:${map.regionBorder};stroke-width:1.4}`,
    `.map .country-border{stroke:${map.countryBorder};stroke-width:2}`,
    `.map .hatch{stroke:${map.claim};stroke-width:1.6}`,
    `.map .dot{fill:${map.area}}`,
    `.map .area{fill-rule:evenodd;stroke-linejoin:round}`,
    `.map .region{stroke:${map.labelMuted};stroke-width:1.6}`,
    `.map .claimed{stroke:${map.claim};stroke-width:2;stroke-dasharray:7 5}`,
    `.map .uncertain{stroke:${map.area};stroke-width:1.6;stroke-dasharray:6 5}`,
    `.map .disc{fill:${map.area};fill-opacity:.1;stroke:${map.area};stroke-width:1.3}`,
    `.map .sign{stroke:${map.casing};stroke-width:2.4;paint-order:stroke;fill-rule:evenodd}`,
    `.map .place{fill:${map.town};stroke:${map.casing};stroke-width:1.5}`,
    `.map .town-dot{fill:${map.town}}`,
    `.map .name{text-anchor:middle;fill:${map.label};stroke:${map.halo};stroke-width:3.5;stroke-linejoin:round;paint-order:stroke;font-size:15px}`,
    `.map .name.country{fill:${map.labelMuted};font-size:17px;letter-spacing:2px}`,
    `.map .name.sea{fill:${map.seaLabel};stroke:${map.sea};font-style:italic;font-size:17px}`,
    `.map .scale path{fill:none;stroke:${map.label};stroke-width:1.6}`,
    `.map .scale text{fill:${map.label};stroke:${map.halo};stroke-width:3;paint-order:stroke;font-size:14px}`,
    ...codesOf(incidentTypes).map(
      (type) => `.type-${type}{fill:${types[type]}}.ring-${type}{stroke:${types[type]}}`,
    ),
  ].join('');
}
