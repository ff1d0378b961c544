import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

interface DetailProps {
  readonly label: string;
  /** Changes when the panel shows something else; the heading then takes the focus. */
  readonly subject: string;
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of what is opened: a heading that takes the focus, and a way back. Escape closes. */
export function Detail({ label, subject, title, children }: DetailProps) {
  const { t, dispatch } = useSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    dispatch({ kind: 'opened', open: { kind: 'nothing' } });
    requestAnimationFrame(() => focusRow(subject));
  };
  // Before the next key is pressed, which a panel drawn late would miss.
  useLayoutEffect(() => {
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    window.addEventListener('keydown', closeOnEscape);
    return () => window.removeEventListener('keydown', closeOnEscape);
  });
  useEffect(() => {
    if (document.activeElement !== document.body || location.hash !== '') {
      heading.current?.focus({ preventScroll: true });
    }
    heading.current?.closest('.scroll')?.scrollTo(0, 0);
  }, [subject]);
  return (
    <aside class="detail" aria-label={label}>
      <div class="detail-head">
        <p class="kicker">{label}</p>
        <button type="button" class="plain" aria-label={t.incident.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="detail-body">
        <h2 class="detail-title" tabIndex={-1} ref={heading}>
          {title}
        </h2>
        {children}
      </div>
    </aside>
  );
}

/** Back to the row that opened the panel, or to the list's first. */
function focusRow(id: string): void {
  const links = [...document.querySelectorAll<HTMLElement>('a[data-incident]')];
  (links.find((link) => link.dataset.incident === id) ?? links[0])?.focus();
}
