import {
  type FilterName,
  type FilterValues,
  filterParameters,
  parseParameter,
} from './parameters.ts';

/** What a request selects. An absent member selects everything; all members must hold. */
export type Filter = Partial<FilterValues>;

/** Names of all filter parameters, in the order in which an address lists them. */
export const filterNames: readonly FilterName[] = Object.keys(filterParameters).filter(
  (key): key is FilterName => key in filterParameters,
);

/**
 * Reads a filter out of query parameters; names that are no filter parameter are left to the
 * caller.
 * @throws {ParameterError} naming the first parameter that cannot be honoured and its value.
 */
export function parseFilter(
  query: Readonly<Record<string, string | undefined>>,
  names: readonly FilterName[] = filterNames,
): Filter {
  const filter: Filter = {};
  for (const name of names) {
    const value = query[name];
    if (value !== undefined) Object.assign(filter, parseMember(name, value));
  }
  return filter;
}

function parseMember<Name extends FilterName>(name: Name, value: string): Filter {
  return { [name]: parseParameter(name, filterParameters[name], value) };
}

/** The query parameters that {@link parseFilter} reads back to the same filter, in fixed order. */
export function formatFilter(filter: Filter): [name: FilterName, value: string][] {
  return filterNames.flatMap((name) => formatMember(filter, name));
}

function formatMember<Name extends FilterName>(filter: Filter, name: Name): [FilterName, string][] {
  const value = filter[name];
  return value === undefined ? [] : [[name, filterParameters[name].format(value)]];
}

/** The filter with one parameter left out. */
export function without(filter: Filter, name: FilterName): Filter {
  const { [name]: _, ...others } = filter;
  return others;
}

/**
 * The filter with one parameter as this text has it, or left out where the text is empty.
 * @throws {ParameterError} where the text cannot be honoured.
 */
export function withParameter(filter: Filter, name: FilterName, text: string): Filter {
  return text === '' ? without(filter, name) : { ...filter, ...parseMember(name, text) };
}

/** The text of one parameter, empty where the filter does not have it. */
export function parameterText(filter: Filter, name: FilterName): string {
  return formatMember(filter, name)[0]?.[1] ?? '';
}
