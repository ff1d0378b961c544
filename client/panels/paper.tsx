import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Scene } from '../map/map.ts';
import { type MapPicture, roundLength } from '../picture.ts';
import { incidentsShown } from '../state.ts';
import type { Texts } from '../text/index.ts';
import {
  distanceInWords,
  edtfInWords,
  figureInWords,
  filterInWords,
  placeInWords,
  regionInWords,
} from '../words.ts';
import { TypeSymbol } from './icons.tsx';
import { useNames } from './names.ts';

interface PaperProps {
  readonly scene: Scene;
  /** Null where the browser draws no map. */
  readonly map: MapPicture | null;
  readonly address: string;
}

/** The view on paper: the map, what it is filtered by, all incidents that are loaded, the sources. */
export function Paper({ scene, map, address }: PaperProps) {
  const { state, texts: t, language } = scene;
  const names = useNames(state, language);
  const { short: _, ...sources } = t.attribution;
  const shown = incidentsShown(state);
  const matched = state.incidents.value?.numberMatched ?? shown.length;
  return (
    <article class="paper">
      <h1>{t.app.name}</h1>
      <p class="paper-filter">{filterInWords(t, state.filter, names) || t.paper.everything}</p>
      <p>{t.paper.facts(matched, new Date())}</p>
      {map !== null && <MapOnPaper map={map} t={t} />}
      <p>
        {t.legend.area}. {t.legend.claim}. {t.legend.claimNote}
      </p>
      <table>
        <thead>
          <tr>
            <th>{t.list.columns.title}</th>
            <th>{t.list.columns.starts_at}</th>
            <th>{t.list.columns.region}</th>
            <th>{t.list.columns.killed_highest}</th>
            <th>{t.list.columns.injured_highest}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((incident) => {
            const { id, properties } = incident;
            const { killed, injured } = properties.figures;
            return (
              <tr key={id}>
                <td>
                  <div>
                    <TypeSymbol
                      type={properties.type}
                      area={properties.area_only ? 'area' : undefined}
                    />
                    <b lang="en">{properties.title}</b>
                    <span>
                      {t.types[properties.type]}. {placeInWords(t, incident)}
                    </span>
                  </div>
                </td>
                <td>{edtfInWords(t, properties.time, 'short')}</td>
                <td>{regionInWords(t, language, incident)}</td>
                <td>{killed === undefined ? '–' : figureInWords(t, 'killed', killed)}</td>
                <td>{injured === undefined ? '–' : figureInWords(t, 'injured', injured)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length < matched && <p>{t.paper.part(shown.length, matched)}</p>}
      <p>{t.incident.figuresHint}</p>
      <ul>
        {Object.values(sources).map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
      <p>
        {t.paper.address} {address}
      </p>
    </article>
  );
}

/** Millimetres that the map may be high, so that a list begins below it. */
const highest = 150;

function MapOnPaper({ map, t }: { map: MapPicture; t: Texts }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => frame.current?.replaceChildren(map.canvas), [map]);
  const metres = roundLength(110 * map.metresPerPixel);
  const share = (100 * metres) / map.metresPerPixel / map.width;
  return (
    <figure style={{ maxWidth: `${(highest * map.width) / map.height}mm` }}>
      <div ref={frame} role="img" aria-label={t.map.label} />
      <figcaption style={{ inlineSize: `${share}%` }}>{distanceInWords(t, metres)}</figcaption>
    </figure>
  );
}
