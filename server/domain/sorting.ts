import type { CollectionId } from './collections.ts';
import type { Parameter } from './parameters.ts';
import { type Queryable, queryables } from './queryables.ts';

/** A property to sort by. Features that have none come last, in either direction. */
export interface SortTerm {
  readonly name: string;
  readonly direction: 'ASC' | 'DESC';
}

const maxTerms = 4;

/** Properties of a collection that features can be sorted by: those that have one value. */
export function sortablesOf(collection: CollectionId): Readonly<Record<string, Queryable>> {
  return Object.fromEntries(
    Object.entries(queryables[collection]).filter(
      ([, { type }]) => type !== 'geometry' && type !== 'list',
    ),
  );
}

/** The order of features, as `sortby` of the OGC API drafts has it. */
export function sortParameter(collection: CollectionId): Parameter<readonly SortTerm[]> {
  const known = Object.keys(sortablesOf(collection));
  return {
    description: `Order of the features: properties, comma-separated, each with \`-\` before it for descending or \`+\` for ascending. At most ${maxTerms}; the sortables document lists them. Text is ordered by code point; features without the property come last.`,
    example: `-${known[0] ?? ''}`,
    schema: { type: 'string', minLength: 1, maxLength: 200 },
    parse: (text) => {
      const terms = text.split(',').map((part): SortTerm => {
        // An unescaped + in an address is a space.
        const [, sign, name = ''] = /^([ +-]?)(.*)$/s.exec(part) ?? [];
        if (!known.includes(name)) {
          throw new RangeError(`has '${name}'; known are ${known.join(', ')}`);
        }
        return { name, direction: sign === '-' ? 'DESC' : 'ASC' };
      });
      if (terms.length > maxTerms) throw new RangeError(`has more than ${maxTerms} properties`);
      if (new Set(terms.map(({ name }) => name)).size < terms.length) {
        throw new RangeError('has a property twice');
      }
      return terms;
    },
    format: (terms) =>
      terms.map(({ name, direction }) => `${direction === 'DESC' ? '-' : ''}${name}`).join(','),
  };
}
