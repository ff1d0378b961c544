import type { IncidentType } from '../../server/domain/vocabulary.ts';

/**
 * The shapes that stand for incidents, on the map (canvas) and in the panels (SVG) alike: path data
 * in a box of 24 by 24, one silhouette per type, filled by the even-odd rule.
 */
export const shapes: Readonly<Record<IncidentType, string>> = {
  // A delta wing.
  drone_strike: 'M12 3 L21.5 20.5 L12 16.2 L2.5 20.5 Z',
  // A narrow lozenge.
  missile_strike: 'M12 1.5 L18.4 12 L12 22.5 L5.6 12 Z',
  // A cross.
  airstrike: 'M9 3 H15 V9 H21 V15 H15 V21 H9 V15 H3 V9 H9 Z',
  // A star of four points: wing and lozenge at once.
  combined_strike: 'M12 1 L14.9 9.1 L23 12 L14.9 14.9 L12 23 L9.1 14.9 L1 12 L9.1 9.1 Z',
  // A ring.
  shelling:
    'M12 3 A9 9 0 1 1 12 21 A9 9 0 1 1 12 3 Z M12 8.4 A3.6 3.6 0 1 0 12 15.6 A3.6 3.6 0 1 0 12 8.4 Z',
  // A square.
  sabotage: 'M4 4 H20 V20 H4 Z',
  // A hexagon.
  other: 'M12 2.5 L20.2 7.2 V16.8 L12 21.5 L3.8 16.8 V7.2 Z',
};
