import assert from 'node:assert/strict';

/** One element of a page: what a test asks about. */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const voidTags = ['meta', 'link', 'input', 'br', 'hr', 'img'];
const token =
  /<!--[\s\S]*?-->|<\/([a-z][a-z0-9]*)>|<([a-z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)/gy;
const attribute = /([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g;

/**
 * Reads a page more strictly than a browser: every element closed in its turn, every value quoted,
 * ids unique, nothing left over.
 * @throws {Error} that says where the page is not well formed.
 */
export function parsePage(text: string): Element {
  const start = '<!doctype html>';
  if (!text.startsWith(start)) throw new Error('no doctype');
  const root: Open = { tag: '', attributes: {}, children: [] };
  const open: Open[] = [root];
  const ids = new Set<string>();
  token.lastIndex = start.length;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    const inside = open.at(-1);
    if (match === null || inside === undefined) {
      throw new Error(`not well formed: ${text.slice(at, at + 80)}`);
    }
    const [, closed, opened, attributes = '', selfClosed, words] = match;
    if (closed !== undefined) {
      if (inside.tag !== closed) throw new Error(`</${closed}> closes <${inside.tag}>`);
      open.pop();
    } else if (opened !== undefined) {
      const element: Open = { tag: opened, attributes: readAttributes(attributes), children: [] };
      const { id } = element.attributes;
      if (id !== undefined && ids.has(id)) throw new Error(`id ${id} is given twice`);
      if (id !== undefined) ids.add(id);
      inside.children.push(element);
      if (selfClosed === '' && !voidTags.includes(opened)) open.push(element);
    } else if (words !== undefined) {
      inside.children.push(unescaped(words));
    }
  }
  const [html, ...rest] = root.children;
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.tag}> is not closed`);
  if (html === undefined || typeof html === 'string' || rest.length > 0) {
    throw new Error('there is not exactly one root');
  }
  return html;
}

interface Open {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(attribute)) {
    if (name in attributes) throw new Error(`attribute ${name} is given twice`);
    attributes[name] = unescaped(value);
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
};

function unescaped(text: string): string {
  return text.replace(/&[^;\s]{0,8};?/g, (entity) => {
    const character = entities[entity];
    if (character === undefined) throw new Error(`${entity} is not escaped`);
    return character;
  });
}

/** All elements of a tag, in the order of the page. */
export function all(element: Element, tag: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.tag === tag ? [child] : []), ...all(child, tag)],
  );
}

/** The element's text, as a reader sees it. */
export function textOf(element: Element): string {
  return element.children
    .map((child) => (typeof child === 'string' ? child : textOf(child)))
    .join('');
}

/** An address of the service under test, whatever name it goes by there. */
const ownAddress = /^https?:\/\/(?:atlas\.example|localhost:80|127\.0\.0\.1:\d+)\//;

/** No script, no handler, no style but the one that the policy names, nothing from elsewhere. */
export function assertIsHarmless(element: Element, url: string): void {
  assert.ok(!['script', 'iframe', 'object', 'embed', 'base', 'img'].includes(element.tag), url);
  for (const [name, value] of Object.entries(element.attributes)) {
    assert.doesNotMatch(name, /^(?:on|style$|src)/, `${url}: ${element.tag} ${name}`);
    if (name !== 'href' || element.tag === 'a') continue;
    assert.ok(value.startsWith('data:image/') || ownAddress.test(value), `${url}: ${value}`);
  }
  if (element.tag === 'a') assert.match(element.attributes.href ?? '', /^(?:https?:|#)/, url);
  for (const child of element.children) {
    if (typeof child !== 'string') assertIsHarmless(child, url);
  }
}
