import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Filter, formatFilter } from '../../server/domain/filter.ts';
import { incidentsAddress, pageLimit } from '../api.ts';
import { embedCode } from '../citation.ts';
import type { State } from '../state.ts';
import { writeSort } from '../url.ts';
import { filterInWords, type Names } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

/** Formats that hold everything the filter selects, however much that is; GeoJSON holds a page. */
const files = ['csv', 'parquet', 'fgb', 'geojsonseq', 'kml'] as const;

interface ShareProps {
  readonly state: State;
  readonly names: Names;
  readonly matched: number;
  readonly savePicture: () => Promise<unknown>;
  readonly print: () => void;
}

/** What is shown, to take along: the link, the request, the files. */
export function Share({ state, names, matched, savePicture, print }: ShareProps) {
  const { t } = useSurroundings();
  const { filter, sort } = state;
  const sortby = writeSort(sort);
  const order: [string, string][] = sortby === null ? [] : [['sortby', sortby]];
  return (
    <div class="share">
      <Copy words={t.share.link} text={() => location.href} />
      <Copy
        words={t.share.request}
        text={() => new URL(incidentsAddress(filter, order), location.href).href}
      />
      <Menu words={t.share.download}>
        <ul>
          {matched <= pageLimit && (
            <li>
              <a
                href={incidentsAddress(filter, [
                  ...order,
                  ['f', 'geojson'],
                  ['limit', `${pageLimit}`],
                ])}
                download="strike-atlas-incidents.geojson"
              >
                {t.share.formats.geojson}
              </a>
            </li>
          )}
          {files.map((format) => (
            <li key={format}>
              <a href={incidentsAddress(filter, [...order, ['f', format]])} download="">
                {t.share.formats[format]}
              </a>
            </li>
          ))}
          <li>
            <a href={incidentsAddress(filter, [['f', 'atom']])} type="application/atom+xml">
              {t.share.formats.atom}
            </a>
          </li>
          <li>
            <a href={tableAddress(filter)} download="">
              {t.share.formats.aggregate}
            </a>
          </li>
        </ul>
        <div>
          {!state.mapFailed && <SavePicture save={savePicture} />}
          <button type="button" class="plain" onClick={print}>
            {t.share.print}
          </button>
          <Copy
            words={t.share.embed}
            text={() =>
              embedCode(state, filterInWords(t, filter, names) || t.app.name, location.origin)
            }
          />
        </div>
        <p class="hint">{t.share.hint(matched)}</p>
      </Menu>
    </div>
  );
}

/** A list behind a button, which Escape closes; it makes room for itself and covers nothing. */
function Menu({ words, children }: { words: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const closeOnEscape = (event: KeyboardEvent) => {
      const isWithin = event.target instanceof Node && frame.current?.contains(event.target);
      if (event.key !== 'Escape' || !isWithin) return;
      event.preventDefault();
      setOpen(false);
      frame.current?.querySelector('button')?.focus();
    };
    window.addEventListener('keydown', closeOnEscape, { capture: true });
    frame.current?.querySelector('.menu-body')?.scrollIntoView({ block: 'nearest' });
    return () => window.removeEventListener('keydown', closeOnEscape, { capture: true });
  }, [open]);
  return (
    <div class="menu" ref={frame}>
      <button type="button" class="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
        {words}
        <Icon name={open ? 'up' : 'down'} />
      </button>
      {open && <div class="menu-body">{children}</div>}
    </div>
  );
}

function SavePicture({ save }: { save: () => Promise<unknown> }) {
  const { t } = useSurroundings();
  const [status, setStatus] = useState<'at rest' | 'busy' | 'failed'>('at rest');
  const begin = async () => {
    setStatus('busy');
    try {
      await save();
      setStatus('at rest');
    } catch (error) {
      console.warn('No picture:', error);
      setStatus('failed');
    }
  };
  return (
    <>
      <button type="button" class="plain" disabled={status === 'busy'} onClick={begin}>
        {t.share.picture}
      </button>
      {status === 'failed' && <p role="alert">{t.share.pictureFailed}</p>}
    </>
  );
}

function tableAddress(filter: Filter): string {
  const query = new URLSearchParams([['by', 'month,type'], ...formatFilter(filter), ['f', 'csv']]);
  return `/api/collections/incidents/aggregate?${query}`;
}

/** How long a button says what it did, ms. */
const saysFor = 2_500;

/** Copies a text; where the browser does not let it, shows the text to be copied by hand. */
export function Copy({ words, text }: { words: string; text: () => string }) {
  const { t } = useSurroundings();
  const [done, setDone] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (done !== 'copied') return;
    const timer = setTimeout(() => setDone(null), saysFor);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setDone('copied');
    } catch {
      setDone('refused');
    }
  };
  return (
    <span class="copy">
      <button type="button" class="plain" onClick={copy}>
        {done === 'copied' ? t.share.copied : words}
      </button>
      <span class="unseen" role="status">
        {done === 'copied' && t.share.copied}
      </span>
      {done === 'refused' && (
        <input
          class="by-hand"
          readOnly
          aria-label={t.share.byHand(words)}
          value={text()}
          ref={(element) => element?.select()}
          onBlur={() => setDone(null)}
        />
      )}
    </span>
  );
}
