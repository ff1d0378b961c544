import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { smallTown } from '../../client/map/basemap.ts';
import { layers } from '../../client/map/layers.ts';
import { shapes } from '../../client/map/shapes.ts';
import { themes } from '../../client/map/theme.ts';
import { textsOf } from '../../client/text/index.ts';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';

/** Contrast of two colours (`#rrggbb`), 1 to 21; WCAG 2.2, relative luminance. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** What a colour looks like that lies over another one with an opacity. */
function blended(colour: string, opacity: number, ground: string): string {
  const parts = [1, 3, 5].map((at) => {
    const [over = 0, under = 0] = [colour, ground].map((hex) =>
      Number.parseInt(hex.slice(at, at + 2), 16),
    );
    return Math.round(over * opacity + under * (1 - opacity));
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

for (const theme of Object.values(themes)) {
  describe(`the ${theme.name} theme`, () => {
    const { map, panel, types } = theme;
    const text: [string, string, string][] = [
      ['text', panel.ink, panel.page],
      ['muted text', panel.muted, panel.page],
      ['muted text on sunken', panel.muted, panel.sunken],
      ['links', panel.accent, panel.page],
      ['links on raised', panel.accent, panel.raised],
      ['text on accent', panel.onAccent, panel.accent],
      ['chosen', panel.ink, panel.accentSoft],
      ['warnings', panel.warning, panel.page],
      ['warning boxes', panel.ink, panel.warningSoft],
      ['town names', map.label, map.ukraine],
      ['small town names', blended(map.label, smallTown, map.ukraine), map.ukraine],
      ['names of countries', map.labelMuted, map.ukraine],
      ['labels of claims', map.claimLabel, map.ukraine],
    ];
    for (const [what, ink, ground] of text) {
      test(`${what}: at least 4.5 to 1`, () => assert.ok(contrast(ink, ground) >= 4.5));
    }
    for (const type of incidentTypeCodes) {
      test(`the symbol of ${type} stands out from land, sea and its casing: 3 to 1`, () => {
        for (const ground of [map.ukraine, map.land, map.sea, map.casing]) {
          assert.ok(contrast(types[type], ground) >= 3, ground);
        }
      });
    }
  });
}

test('every type has a silhouette of its own', () => {
  assert.equal(new Set(Object.values(shapes)).size, incidentTypeCodes.length);
});

test('no colour of the map depends on the feature, so that paper is light at once', () => {
  const drawn = layers({
    theme: themes.light,
    language: 'en',
    texts: textsOf('en'),
    hidden: [],
    size: 'incidents',
    sets: { shown: { source: 'shown', query: '' }, coming: { source: 'coming', query: '' } },
    handled: true,
  });
  const colours = drawn.flatMap(({ id, paint }) =>
    Object.entries(paint ?? {})
      .filter(([name]) => name.endsWith('-color') && name !== 'heatmap-color')
      .map(([name, value]) => ({ id, name, value })),
  );
  assert.ok(colours.length > 20);
  for (const { id, name, value } of colours) {
    assert.equal(typeof value, 'string', `${id} ${name}`);
  }
  for (const type of incidentTypeCodes) {
    const outline = drawn.find(({ id }) => id === `shown:area-outlines-${type}`);
    assert.ok(JSON.stringify(outline?.paint).includes(themes.light.types[type]), type);
  }
});
