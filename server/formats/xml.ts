/** Markup, a carriage return, and what XML 1.0 cannot hold in any form (section 2.2, `Char`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const special = /[&<>"'\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser would turn it into a line feed.
  '\r': '&#13;',
};

/**
 * Text as XML content or as the value of an attribute; characters that XML cannot hold become
 * U+FFFD, the replacement character.
 */
export function xml(text: string): string {
  return text.replace(special, (character) => entities[character] ?? '\ufffd');
}

/** An element with text in it. */
export function element(name: string, text: string): string {
  return `<${name}>${xml(text)}</${name}>`;
}

/** An element without content; attributes that have no value are left out. */
export function emptyElement(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${attribute(value)}"`,
  );
  return `<${name}${written.join('')}/>`;
}

/** A parser would turn tabs and line feeds in an attribute into spaces. */
function attribute(text: string): string {
  return xml(text).replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
