import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { directions } from '../../client/text/index.ts';
import { type Link, urls } from '../routes/links.ts';
import { icon, style } from './style.ts';
import { useWords, Worded, type Words } from './words.ts';

/** A step from the start of the API to this page; the last one is the page itself. */
export interface Step {
  readonly title: string;
  readonly href: string;
}

/** One page for people: what it is called, where it stands, what it says. */
export interface Page {
  readonly title: string;
  /** One sentence or two, for search engines and previews. */
  readonly description: string;
  /** Without the start of the API, which every page has. */
  readonly path: readonly Step[];
  /** Links of the document; `alternate`, `next` and `prev` are repeated where machines look. */
  readonly links: readonly Link[];
  readonly content: ComponentChildren;
}

/** The page as HTML text; everything in it is escaped, and nothing in it is a script. */
export function renderPage(words: Words, page: Page): string {
  return `<!doctype html>${render(
    <Worded value={words}>
      <Document page={page} />
    </Worded>,
  )}`;
}

function Document({ page }: { page: Page }) {
  const { language, t, p, base } = useWords();
  const rels = ['alternate', 'next', 'prev'];
  return (
    <html lang={language} dir={directions[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{page.title === t.app.name ? page.title : `${page.title} – ${t.app.name}`}</title>
        <meta name="description" content={page.description} />
        <link rel="icon" type="image/svg+xml" href={icon} />
        {page.links
          .filter(({ rel }) => rels.includes(rel))
          .map(({ rel, href, type, title }) => (
            <link key={`${rel} ${href}`} rel={rel} href={href} type={type} title={title} />
          ))}
        {/* Our own text, which the policy names by its hash. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <Header steps={[{ title: p.home, href: urls.landing(base) }, ...page.path]} />
        <main id="content">{page.content}</main>
        <Footer links={page.links} />
      </body>
    </html>
  );
}

/** The service's name, and the way to the page. */
export function Header({ steps }: { steps: readonly Step[] }) {
  const { t, p, base } = useWords();
  return (
    <header class="top">
      <a class="skip" href="#content">
        {p.skip}
      </a>
      <a class="brand" href={urls.map(base)}>
        {t.app.name}
      </a>
      <nav aria-label={p.path}>
        <ol class="path">
          {steps.map(({ title, href }, index) => (
            <li key={href}>
              <a href={href} aria-current={index === steps.length - 1 ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  );
}

/** The same in other formats, what the document leads to, and where the maps come from. */
export function Footer({ links }: { links: readonly Link[] }) {
  const { p, base } = useWords();
  // The other pages that the document names; their own links to the same are in the content.
  const around = links.filter(
    ({ rel, title, templated }) =>
      !['alternate', 'next', 'prev', 'self'].includes(rel) && title !== undefined && !templated,
  );
  const others = links.filter(({ rel, type }) => rel === 'alternate' && type !== 'text/html');
  return (
    <footer class="bottom">
      {others.length > 0 && (
        <nav aria-label={p.otherFormats}>
          <span>{p.otherFormats}: </span>
          <ul class="formats">
            {others.map(({ href, type }) => (
              <li key={href}>
                <a href={href} type={type} rel="alternate">
                  {formatName(p.formats, href) ?? type}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {around.length > 0 && (
        <nav aria-label={p.links}>
          <span>{p.links}: </span>
          <ul class="formats" lang="en">
            {around.map(({ href, rel, title }) => (
              <li key={`${rel} ${href}`}>
                <a href={href}>{title}</a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <p>
        <a href={urls.map(base)}>{p.map}</a> · {p.sourcesOfMap}
      </p>
    </footer>
  );
}

/** The name of the format that an address asks for. */
function formatName(names: Readonly<Record<string, string>>, href: string): string | undefined {
  const format = new URLSearchParams(href.split('?')[1]).get('f');
  return format === null ? undefined : names[format];
}
