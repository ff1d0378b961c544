import type { IncidentType } from '../../server/domain/vocabulary.ts';
import { shapes } from '../map/shapes.ts';

/** The symbol of a type as on the map; hollow in a broken ring where only an area is known. */
export function TypeSymbol({ type, area }: { type: IncidentType; area?: 'area' | undefined }) {
  const colour = `var(--type-${type})`;
  return (
    <svg class="symbol" viewBox="0 0 24 24" aria-hidden="true">
      {area === undefined ? (
        <path d={shapes[type]} fill={colour} fill-rule="evenodd" />
      ) : (
        <>
          <circle
            cx="12"
            cy="12"
            r="10.8"
            fill="none"
            stroke={colour}
            stroke-width="1.5"
            stroke-dasharray="3.2 2.6"
          />
          <path
            d={shapes[type]}
            transform="translate(6 6) scale(.5)"
            fill="none"
            stroke={colour}
            stroke-width="2.8"
          />
        </>
      )}
    </svg>
  );
}

const paths = {
  search: 'M10.5 4.5A6 6 0 1 0 10.5 16.5 6 6 0 1 0 10.5 4.5M15 15 20 20',
  close: 'M6 6 18 18M18 6 6 18',
  back: 'M14.5 5 7.5 12 14.5 19M8 12H20',
  up: 'M5 15 12 8 19 15',
  down: 'M5 9 12 16 19 9',
  play: 'M8 5.5 18.5 12 8 18.5Z',
  pause: 'M8.5 6V18M15.5 6V18',
  stepOn: 'M7 6 14.5 12 7 18M17.5 6V18',
  stepBack: 'M17 6 9.5 12 17 18M6.5 6V18',
  fit: 'M4 9V4H9M15 4H20V9M20 15V20H15M9 20H4V15',
  outward: 'M9 5H5V19H19V15M13 5H19V11M19 5 11 13',
  light:
    'M12 7.5A4.5 4.5 0 1 0 12 16.5 4.5 4.5 0 1 0 12 7.5M12 2V4.5M12 19.5V22M2 12H4.5M19.5 12H22M5 5 6.7 6.7M17.3 17.3 19 19M19 5 17.3 6.7M6.7 17.3 5 19',
  dark: 'M20 14.5A8.5 8.5 0 1 1 9.5 4 6.8 6.8 0 0 0 20 14.5Z',
  system: 'M4 5H20V16H4ZM9 20H15M12 16V20',
} as const;

export type IconName = keyof typeof paths;

/** A line icon; what it means is said by the control around it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
