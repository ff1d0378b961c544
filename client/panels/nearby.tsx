import { distanceKm } from '../map/distance.ts';
import type { Incident } from '../model.ts';
import type { State } from '../state.ts';
import { distanceInWords, timeInWords, tollInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

/** As many are listed. */
const most = 6;

interface NearbyProps {
  readonly state: State['nearby'];
  readonly here: Incident;
}

/** Incidents whose points lie nearest, where this one's point is more than a stand-in for a region. */
export function Nearby({ state: { value }, here }: NearbyProps) {
  const { t, dispatch } = useSurroundings();
  const { geo_precision: precision } = here.properties;
  if (precision === 'region' || precision === 'country') return null;
  const found = (value ?? [])
    .filter(({ id, properties }) => id !== here.id && !properties.area_only)
    .map((incident) => ({
      incident,
      metres: 1000 * distanceKm(here.geometry.coordinates, incident.geometry.coordinates),
    }))
    .sort((one, other) => one.metres - other.metres)
    .slice(0, most);
  if (found.length === 0) return null;
  return (
    <section>
      <h3>
        {t.incident.nearby}
        <span class="aside">{t.incident.nearbyHint}</span>
      </h3>
      <ul class="plain-list">
        {found.map(({ incident, metres }) => (
          <li key={incident.id}>
            <button
              type="button"
              class="link with-symbol"
              onClick={() =>
                dispatch({ kind: 'opened', open: { kind: 'incident', id: incident.id } })
              }
            >
              <TypeSymbol type={incident.properties.type} />
              <span lang="en">{incident.properties.title}</span>
            </button>
            <span class="aside">
              {[
                metres < 50 ? t.incident.samePlace : distanceInWords(t, metres),
                timeInWords(t, incident, 'short'),
                tollInWords(t, incident),
              ].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
