import type { IncidentType } from '../../server/domain/vocabulary.ts';

/** Every colour of the map and of the panels, for one appearance. CSS takes them as `--name`. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly map: {
    readonly sea: string;
    readonly seaLabel: string;
    readonly land: string;
    readonly ukraine: string;
    readonly coast: string;
    readonly countryBorder: string;
    readonly regionBorder: string;
    readonly label: string;
    readonly labelMuted: string;
    readonly halo: string;
    readonly town: string;
    readonly heat: string;
    /** Territorial claims: annotation ink, no side's colour. */
    readonly claim: string;
    readonly claimLabel: string;
    /** Areas that stand for a place: uncertainty discs, districts, regions. */
    readonly area: string;
    /** Casing of symbols and the face of clusters. */
    readonly casing: string;
    readonly focus: string;
  };
  readonly types: Readonly<Record<IncidentType, string>>;
  readonly panel: {
    readonly page: string;
    readonly raised: string;
    readonly sunken: string;
    readonly line: string;
    readonly ink: string;
    readonly muted: string;
    readonly accent: string;
    readonly onAccent: string;
    readonly accentSoft: string;
    readonly warning: string;
    readonly warningSoft: string;
    readonly shadow: string;
  };
}

export const themes: Readonly<Record<Theme['name'], Theme>> = {
  light: {
    name: 'light',
    map: {
      sea: '#c8d6d9',
      seaLabel: '#5d7c85',
      land: '#e9e2d4',
      ukraine: '#f8f3e8',
      coast: '#a9bcc0',
      countryBorder: '#948a79',
      regionBorder: '#d5cab7',
      label: '#3b362e',
      labelMuted: '#6a6152',
      halo: '#f8f3e8',
      town: '#6d6455',
      heat: '#b03c20',
      claim: '#8a7350',
      claimLabel: '#654f2c',
      area: '#4d463b',
      casing: '#fffdf8',
      focus: '#0d5a6c',
    },
    types: {
      drone_strike: '#b8402a',
      missile_strike: '#1f5391',
      airstrike: '#15776a',
      combined_strike: '#703a8b',
      shelling: '#9a6700',
      sabotage: '#37342f',
      other: '#786f62',
    },
    panel: {
      page: '#fbf8f1',
      raised: '#fffdf9',
      sunken: '#f2ecdf',
      line: '#ddd4c3',
      ink: '#24211c',
      muted: '#665e51',
      accent: '#0d5a6c',
      onAccent: '#ffffff',
      accentSoft: '#dcebec',
      warning: '#8a3b12',
      warningSoft: '#fbe9da',
      shadow: 'rgba(60, 48, 28, 0.16)',
    },
  },
  dark: {
    name: 'dark',
    map: {
      sea: '#10191e',
      seaLabel: '#64818c',
      land: '#1f2528',
      ukraine: '#2a3134',
      coast: '#35444b',
      countryBorder: '#77726a',
      regionBorder: '#40484b',
      label: '#e4ded1',
      labelMuted: '#a39d90',
      halo: '#1d2326',
      town: '#a39c8e',
      heat: '#ff8a5c',
      claim: '#b39a70',
      claimLabel: '#d9c298',
      area: '#d2c8b5',
      casing: '#14191c',
      focus: '#74cbda',
    },
    types: {
      drone_strike: '#f2866a',
      missile_strike: '#7cb2f2',
      airstrike: '#55c9b3',
      combined_strike: '#cd9ee6',
      shelling: '#e3b04b',
      sabotage: '#e0d9cc',
      other: '#a9a092',
    },
    panel: {
      page: '#161b1e',
      raised: '#1c2225',
      sunken: '#101416',
      line: '#333b3f',
      ink: '#ede8dd',
      muted: '#a8a296',
      accent: '#74cbda',
      onAccent: '#0b1a1e',
      accentSoft: '#1d3a41',
      warning: '#f3b088',
      warningSoft: '#3a261b',
      shadow: 'rgba(0, 0, 0, 0.45)',
    },
  },
};

/** The custom properties of a theme: `--panel-ink: …; --map-sea: …; --type-drone_strike: …`. */
export function customProperties(theme: Theme): string {
  const groups = { map: theme.map, type: theme.types, panel: theme.panel };
  return Object.entries(groups)
    .flatMap(([group, colours]) =>
      Object.entries(colours).map(([name, colour]) => `--${group}-${name}: ${colour};`),
    )
    .join(' ');
}

/**
 * Families for labels on the map, drawn from the reader's own fonts. MapLibre takes weight and slant
 * from the first family's name, so that name states them; no such font need exist.
 */
export const labelFonts = {
  regular: ['Atlas Regular', 'Segoe UI', 'Noto Sans', 'Helvetica Neue', 'Liberation Sans', 'Arial'],
  semibold: [
    'Atlas Semibold',
    'Segoe UI',
    'Noto Sans',
    'Helvetica Neue',
    'Liberation Sans',
    'Arial',
  ],
  water: ['Atlas Italic', 'Palatino', 'Georgia', 'Noto Serif', 'Liberation Serif'],
} as const;
