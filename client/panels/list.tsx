import type { TargetedKeyboardEvent } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Measure } from '../../server/domain/vocabulary.ts';
import type { Figure, Incident } from '../model.ts';
import type { State } from '../state.ts';
import { writeAddress } from '../url.ts';
import { edtfInWords, figureInWords, regionInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

/** As many rows as the list holds; the rest is on the map, and the list says so. */
const maxRows = 400;

/** The twin of the map: the same incidents as a table, newest first, every row reachable by keyboard. */
export function List({ state, incidents }: { state: State; incidents: readonly Incident[] }) {
  const { t, language, dispatch } = useSurroundings();
  const openId = state.open.kind === 'incident' ? state.open.id : null;
  const rows = useMemo(
    () =>
      incidents
        .slice(0, maxRows)
        .map((incident) => (
          <Row
            key={incident.id}
            incident={incident}
            href={`./${writeAddress({ ...state, open: { kind: 'incident', id: incident.id } })}`}
            current={incident.id === openId}
          />
        )),
    [incidents, openId, language, state.filter, state.view, state.hidden, state.theme],
  );
  return (
    <>
      <table
        class="list"
        onKeyDown={moveFocus}
        onMouseLeave={() => dispatch({ kind: 'hovered', id: null })}
      >
        <thead>
          <tr>
            <th scope="col">
              {t.list.columns.title} <span>{t.list.sorted}</span>
            </th>
            <th scope="col" class="toll">
              {t.measures.killed}
            </th>
            <th scope="col" class="toll">
              {t.measures.injured}
            </th>
          </tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
      {incidents.length > maxRows && <p class="hint">{t.list.more(incidents.length - maxRows)}</p>}
    </>
  );
}

function Row({ incident, href, current }: { incident: Incident; href: string; current: boolean }) {
  const { t, language, dispatch } = useSurroundings();
  const { id, properties } = incident;
  const hover = (target: string | null) => () => dispatch({ kind: 'hovered', id: target });
  return (
    <tr aria-current={current ? 'true' : undefined} onMouseEnter={hover(id)}>
      <td class="what">
        <a
          href={href}
          data-incident={id}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            dispatch({ kind: 'opened', open: { kind: 'incident', id } });
          }}
          onFocus={hover(id)}
          onBlur={hover(null)}
        >
          <TypeSymbol type={properties.type} area={properties.area_only ? 'area' : undefined} />
          <span lang="en">{properties.title}</span>
        </a>
        <span class="where">
          <time dateTime={properties.time}>{edtfInWords(t, properties.time, 'short')}</time>
          {' · '}
          {regionInWords(t, language, incident)}
          {properties.area_only && ` · ${t.list.areaOnly}`}
        </span>
      </td>
      <Toll measure="killed" figure={properties.figures.killed} />
      <Toll measure="injured" figure={properties.figures.injured} />
    </tr>
  );
}

/** A figure in the width of a column; in full for those who hear it. */
function Toll({ measure, figure }: { measure: Measure; figure: Figure | undefined }) {
  const { t } = useSurroundings();
  if (figure === undefined) {
    return (
      <td class="toll">
        <span class="unseen">{t.list.noFigures}</span>
        <span aria-hidden="true">–</span>
      </td>
    );
  }
  const { at_least, ...exact } = figure;
  return (
    <td class="toll">
      <span class="unseen">{figureInWords(t, measure, figure)}</span>
      <span aria-hidden="true">
        {figureInWords(t, measure, { ...exact, at_least: false })}
        {at_least && '+'}
      </span>
    </td>
  );
}

/** Up and down, Home and End go from row to row. */
function moveFocus(event: TargetedKeyboardEvent<HTMLTableElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a[data-incident]')];
  const here = links.findIndex((link) => link.matches(':focus'));
  if (here < 0) return;
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: here + 1,
    ArrowUp: here - 1,
    Home: 0,
    End: links.length - 1,
  };
  const target = links[targets[event.key] ?? -1];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}
