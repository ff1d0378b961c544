import { acled } from './acled.ts';
import type { ImportFormat } from './format.ts';
import { ucdpCandidate, ucdpGed } from './ucdp.ts';
import { viina } from './viina.ts';

/** Formats that need no mapping, by the name that `--format` gives. */
export const formats: Readonly<Record<string, ImportFormat>> = {
  acled,
  'ucdp-ged': ucdpGed,
  'ucdp-candidate': ucdpCandidate,
  viina,
};
