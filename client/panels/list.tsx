import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Measure } from '../../server/domain/vocabulary.ts';
import type { Figure, Incident } from '../model.ts';
import { newestFirst, type Sort, type SortColumn, type State, sortColumns } from '../state.ts';
import { writeAddress } from '../url.ts';
import { edtfInWords, figureInWords, regionInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Icon, TypeSymbol } from './icons.tsx';
import { useRowWindow } from './window.ts';

/** Further incidents are asked for when so few rows are left below those in sight. */
const rowsAhead = 30;

interface ListProps {
  readonly state: State;
  /** The incidents that are loaded, in their order. */
  readonly incidents: readonly Incident[];
  /** All that there are; the rest is loaded when the list comes to it. */
  readonly matched: number;
  /** The order; null where it cannot be chosen. */
  readonly sort: Sort | null;
}

/**
 * The twin of the map: the same incidents as a grid. One row at a time is in the order of Tab; the
 * arrow keys go from row to row. Only the rows near those in sight are in the document.
 */
export function List({ state, incidents, matched, sort }: ListProps) {
  const { t, dispatch } = useSurroundings();
  const [body, setBody] = useState<HTMLElement | null>(null);
  const rowHeight = useRowHeight(body);
  const { first, end } = useRowWindow(body, rowHeight, incidents.length);
  const [active, setActive] = useState(0);
  const openId = state.open.kind === 'incident' ? state.open.id : null;
  const toFocus = useRef<number | null>(null);
  // A row that is not in the document cannot be reached by Tab: the first in sight stands for it.
  const reachable = active >= first && active < end ? active : first;

  useEffect(() => {
    if (end + rowsAhead > incidents.length && incidents.length < matched) {
      dispatch({ kind: 'wanted', incidents: incidents.length + 1 });
    }
  }, [end, incidents.length, matched]);
  useEffect(() => {
    const index = incidents.findIndex(({ id }) => id === openId);
    if (index < 0 || body === null) return;
    setActive(index);
    scrollToRow(body, index, rowHeight);
  }, [openId, body]);
  // Not before the rows are in place: to take the focus changes the state.
  useEffect(() => {
    const row = toFocus.current;
    const link = row === null ? null : body?.querySelector<HTMLElement>(`[data-row="${row}"] a`);
    if (!link) return;
    toFocus.current = null;
    link.focus({ preventScroll: true });
  });

  const move = (event: TargetedKeyboardEvent<HTMLTableElement>) => {
    if (body === null || !(event.target instanceof HTMLAnchorElement)) return;
    const page = Math.max(1, Math.floor((scrollerOf(body)?.clientHeight ?? 0) / rowHeight) - 2);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: incidents.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = Math.min(incidents.length - 1, Math.max(0, target));
    toFocus.current = next;
    setActive(next);
    scrollToRow(body, next, rowHeight);
  };

  return (
    <>
      <table
        class="list"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML lets a table be a grid.
        role="grid"
        aria-label={t.list.label}
        aria-rowcount={matched + 1}
        aria-colcount={sortColumns.length}
        onKeyDown={move}
        onMouseLeave={() => dispatch({ kind: 'hovered', id: null })}
      >
        <thead>
          <tr aria-rowindex={1}>
            {sortColumns.map((column) => (
              <Heading key={column} column={column} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody
          ref={setBody}
          style={{
            paddingTop: `${first * rowHeight}px`,
            paddingBottom: `${(incidents.length - end) * rowHeight}px`,
          }}
        >
          {incidents.slice(first, end).map((incident, index) => (
            <Row
              key={incident.id}
              incident={incident}
              index={first + index}
              href={writeAddress({ ...state, open: { kind: 'incident', id: incident.id } })}
              marks={
                incident.id === openId ? 'open' : incident.id === state.hovered ? 'hovered' : ''
              }
              tab={first + index === reachable ? 0 : -1}
              focused={() => setActive(first + index)}
            />
          ))}
        </tbody>
      </table>
      {incidents.length < matched && (
        <p class="hint more" role="status">
          {t.list.onMap(incidents.length, matched)}
        </p>
      )}
    </>
  );
}

/** The name of a column, by which the list can be sorted; a second time turns the order around. */
function Heading({ column, sort }: { column: SortColumn; sort: Sort | null }) {
  const { t, dispatch } = useSurroundings();
  const name = t.list.columns[column];
  const own = sort?.column === column ? sort.direction : 'none';
  if (sort === null) {
    return (
      <th scope="col" class={column}>
        {name}
      </th>
    );
  }
  const usual = column === 'title' || column === 'region' ? 'ascending' : 'descending';
  const other = usual === 'ascending' ? 'descending' : 'ascending';
  const next: Sort = { column, direction: own === usual ? other : usual };
  const isNewest = next.column === newestFirst.column && next.direction === newestFirst.direction;
  return (
    <th scope="col" class={column} aria-sort={own}>
      <button
        type="button"
        onClick={() => dispatch({ kind: 'sorted', sort: isNewest ? null : next })}
      >
        {name}
        {own !== 'none' && <Icon name={own === 'ascending' ? 'up' : 'down'} />}
      </button>
    </th>
  );
}

interface RowProps {
  readonly incident: Incident;
  readonly index: number;
  readonly href: string;
  readonly marks: 'open' | 'hovered' | '';
  readonly tab: 0 | -1;
  readonly focused: () => void;
}

function Row({ incident, index, href, marks, tab, focused }: RowProps) {
  const { t, language, dispatch } = useSurroundings();
  const { id, properties } = incident;
  const hover = (target: string | null) => dispatch({ kind: 'hovered', id: target });
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={marks === 'open'}
      class={marks}
      data-row={index}
      onMouseEnter={() => hover(id)}
    >
      <td class="title">
        <a
          href={href}
          data-incident={id}
          tabIndex={tab}
          title={properties.title}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            dispatch({ kind: 'opened', open: { kind: 'incident', id } });
          }}
          onFocus={() => {
            focused();
            hover(id);
          }}
          onBlur={() => hover(null)}
        >
          <TypeSymbol type={properties.type} area={properties.area_only ? 'area' : undefined} />
          <span lang="en">{properties.title}</span>
        </a>
      </td>
      <td class="starts_at">
        <time dateTime={properties.time}>{edtfInWords(t, properties.time, 'short')}</time>
      </td>
      <td class="region">
        {regionInWords(t, language, incident)}
        {properties.area_only && ` · ${t.list.areaOnly}`}
      </td>
      <Toll column="killed_highest" measure="killed" figure={properties.figures.killed} />
      <Toll column="injured_highest" measure="injured" figure={properties.figures.injured} />
    </tr>
  );
}

interface TollProps {
  readonly column: SortColumn;
  readonly measure: Measure;
  readonly figure: Figure | undefined;
}

/** A figure in the width of a column; in full for those who hear it. */
function Toll({ column, measure, figure }: TollProps) {
  const { t } = useSurroundings();
  if (figure === undefined) {
    return (
      <td class={column}>
        <span class="unseen">{t.list.noFigures}</span>
        <span aria-hidden="true">–</span>
      </td>
    );
  }
  const { at_least, ...exact } = figure;
  return (
    <td class={column}>
      <span class="unseen">{figureInWords(t, measure, figure)}</span>
      <span aria-hidden="true">
        {figureInWords(t, measure, { ...exact, at_least: false })}
        {at_least && '+'}
      </span>
    </td>
  );
}

/** The height that the style sheet gives every row, px; before one is drawn, a guess. */
function useRowHeight(body: HTMLElement | null): number {
  const [height, setHeight] = useState(72);
  useLayoutEffect(() => {
    const row = body?.querySelector<HTMLElement>('[data-row]');
    const drawn = row?.getBoundingClientRect().height ?? 0;
    if (drawn > 0) setHeight(drawn);
  });
  return height;
}

function scrollerOf(body: HTMLElement): Element | null {
  return body.closest('.scroll');
}

/** Room above the first row in sight that the sticky heads of results and list take, px. */
const headHeight = 80;

/** Scrolls no further than it must to have a row in sight. */
function scrollToRow(body: HTMLElement, row: number, rowHeight: number): void {
  const scroller = scrollerOf(body);
  if (scroller === null) return;
  const top = body.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const from = top + row * rowHeight;
  if (from < headHeight) scroller.scrollBy(0, from - headHeight);
  else if (from + rowHeight > scroller.clientHeight) {
    scroller.scrollBy(0, from + rowHeight - scroller.clientHeight);
  }
}
