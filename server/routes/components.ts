/**
 * The definition with what it says again and again said once: schemas that have a title, and the
 * problems that any path may answer with.
 */
export function withComponents(definition: object): object {
  const schemas = new Map<string, object>();
  const responses = new Map<string, object>();
  const paths = hoist('paths' in definition ? definition.paths : {});
  return {
    ...definition,
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      responses: Object.fromEntries(responses),
    },
  };

  function hoist(value: unknown, name = ''): unknown {
    if (Array.isArray(value)) return value.map((part) => hoist(part));
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        key.startsWith('example') ? part : hoist(part, key),
      ]),
    );
    if (/^[45]\d\d$/.test(name)) return component('responses', `Problem${name}`, copy, responses);
    const { title } = copy;
    return typeof title === 'string' ? component('schemas', title, copy, schemas) : copy;
  }
}

function component(kind: string, name: string, value: object, known: Map<string, object>) {
  const other = known.get(name) ?? value;
  if (JSON.stringify(other) !== JSON.stringify(value)) throw new TypeError(`two ${kind} ${name}`);
  known.set(name, other);
  return { $ref: `#/components/${kind}/${name}` };
}
