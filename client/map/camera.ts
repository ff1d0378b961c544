import type { Bbox } from '../../server/domain/bbox.ts';

/** West, south, east, north: what fills the map where the address does not say where it looks. */
export const ukraine: Bbox = [22.1, 44.35, 40.25, 52.4];

/** No closer than this where the map goes by itself: what lies around tells where that is. */
export const closest = 9;

/** Pixels that stay free around what fills the map. */
export const homeMargin = 24;

/** The deepest zoom of the map; beyond it the boundaries are coarser than the screen. */
export const maxZoom = 12;

/** From this zoom on the discs that points stand for are wide enough to be seen. */
export const discZoom = 6;
