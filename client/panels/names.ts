import { useMemo, useState } from 'preact/hooks';
import type { State } from '../state.ts';
import type { Language } from '../text/index.ts';
import type { Names } from '../words.ts';

/** Names of regions and sources, as far as any answer gave them. */
export function useNames({ facets, regions }: State, language: Language): Names {
  const [known] = useState(() => new Map<string, { en: string; uk: string | null }>());
  const { region: counted = [], source: sources = [] } = facets.value?.facets ?? {};
  return useMemo(() => {
    for (const { value, name } of counted) {
      if (name !== null) known.set(value, name);
    }
    for (const { id, properties } of regions.value ?? []) {
      known.set(id, { en: properties.name_en, uk: properties.name_uk });
    }
    for (const { value, publisher, title } of sources) {
      const words = [publisher, title].filter((part) => part !== null).join(': ');
      known.set(value, { en: words === '' ? value : words, uk: null });
    }
    return new Map([...known].map(([code, name]) => [code, name[language] ?? name.en]));
  }, [facets.value, regions.value, language, known]);
}
