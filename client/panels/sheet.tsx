import type { ComponentChildren, TargetedPointerEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Open } from '../state.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

const tabNames = ['list', 'filter', 'time', 'legend'] as const;
type Tab = (typeof tabNames)[number];

/** How far the sheet is drawn up, lowest first; heights stand in the style sheet. */
const heights = ['low', 'half', 'full'] as const;
type Height = (typeof heights)[number];

/** When a sheet that was moved has come to rest, ms; a little longer than its transition. */
const restAfter = 300;

interface SheetProps {
  /** Called when the sheet has come to rest. */
  readonly settled: () => void;
  readonly open: Open;
  readonly opened: ComponentChildren;
  readonly tabs: Readonly<Record<Tab, ComponentChildren>>;
}

/** The phone's panel: drawn up from the bottom by its grip, or by a button for those who cannot drag. */
export function Sheet({ settled, open, opened, tabs }: SheetProps) {
  const { t } = useSurroundings();
  const [height, setHeight] = useState<Height>('low');
  const [tab, setTab] = useState<Tab>('list');
  const start = useRef<number | null>(null);
  const isOpen = open.kind !== 'nothing';
  useEffect(() => {
    if (isOpen) setHeight((now) => (now === 'low' ? 'half' : now));
  }, [open]);
  useEffect(() => {
    const timer = setTimeout(settled, restAfter);
    return () => clearTimeout(timer);
  }, [height]);
  const step = (by: 1 | -1) =>
    setHeight(
      heights[Math.min(heights.length - 1, Math.max(0, heights.indexOf(height) + by))] ?? 'low',
    );
  const release = (event: TargetedPointerEvent<HTMLElement>) => {
    const from = start.current;
    start.current = null;
    if (from === null) return;
    const way = event.clientY - from;
    if (way < -12) step(1);
    else if (way > 12) step(-1);
    else setHeight(height === 'low' ? 'half' : height === 'half' ? 'full' : 'low');
  };
  // What unfolds in a low sheet would not be seen.
  const makeRoom = ({ target }: MouseEvent) => {
    const unfolds = target instanceof Element && target.closest('[aria-expanded]') !== null;
    if (unfolds && height === 'low') setHeight('half');
  };
  return (
    <section class="sheet" id="panel" tabIndex={-1} data-height={height} aria-label={t.sheet.label}>
      <button
        type="button"
        class="grip"
        aria-label={height === 'full' ? t.sheet.smaller : t.sheet.larger}
        aria-expanded={height !== 'low'}
        onPointerDown={(event) => {
          start.current = event.clientY;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerUp={release}
        onPointerCancel={() => {
          start.current = null;
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowUp') step(1);
          if (event.key === 'ArrowDown') step(-1);
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            setHeight(height === 'full' ? 'low' : height === 'half' ? 'full' : 'half');
          }
        }}
      >
        <span />
        <Icon name="up" />
      </button>
      {isOpen ? (
        <div class="scroll">{opened}</div>
      ) : (
        <>
          <div class="tabs" role="tablist">
            {tabNames.map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                id={`tab-${name}`}
                aria-selected={name === tab}
                aria-controls="sheet-content"
                onClick={() => {
                  setTab(name);
                  if (height === 'low') setHeight('half');
                }}
              >
                {t.sheet.tabs[name]}
              </button>
            ))}
          </div>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button within is a click as well. */}
          <div
            class="scroll"
            role="tabpanel"
            id="sheet-content"
            aria-labelledby={`tab-${tab}`}
            onClick={makeRoom}
          >
            {tabs[tab]}
          </div>
        </>
      )}
    </section>
  );
}
