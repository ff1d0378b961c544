import { useEffect, useState } from 'preact/hooks';

/** Rows from `first` up to `end`, itself not included. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** Rows drawn beyond what is in sight, so that scrolling meets no gap. */
const beyond = 6;
/** The window moves by so many rows at once, so that not every row scrolled past redraws it. */
const stride = 4;
/** Rows before anything is measured. */
const atFirst: RowWindow = { first: 0, end: 24 };

/**
 * Pure: the rows to draw.
 * @param above Pixels of rows that are scrolled out at the top; negative while the first is further down.
 * @param sight Pixels in which rows can be seen.
 */
export function windowOf(above: number, sight: number, rowHeight: number, rows: number): RowWindow {
  const down = (row: number) => Math.floor(row / stride) * stride;
  const first = Math.max(0, down(above / rowHeight - beyond));
  const end = Math.min(rows, down((above + sight) / rowHeight + beyond) + stride);
  return { first: Math.min(first, Math.max(0, rows - 1)), end: Math.max(end, 0) };
}

/** The rows of a list that are near enough to be seen in what scrolls around it. */
export function useRowWindow(list: HTMLElement | null, rowHeight: number, rows: number): RowWindow {
  const [window, setWindow] = useState(atFirst);
  useEffect(() => {
    const scroller = list?.closest('.scroll');
    if (!list || !scroller) return;
    let frame = 0;
    const measure = () => {
      frame = 0;
      const above = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top;
      const next = windowOf(above, scroller.clientHeight, rowHeight, rows);
      setWindow((now) => (now.first === next.first && now.end === next.end ? now : next));
    };
    const later = () => {
      if (frame === 0) frame = requestAnimationFrame(measure);
    };
    measure();
    const resized = new ResizeObserver(later);
    resized.observe(scroller);
    resized.observe(list);
    scroller.addEventListener('scroll', later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      scroller.removeEventListener('scroll', later);
    };
  }, [list, rowHeight, rows]);
  return { first: Math.min(window.first, rows), end: Math.min(window.end, rows) };
}
