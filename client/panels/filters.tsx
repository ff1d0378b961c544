import type { Filter } from '../../server/domain/filter.ts';
import { attackers, incidentTypeCodes, targetTypes } from '../../server/domain/vocabulary.ts';
import { type Day, dayOf, filteredDays, isoDay, withDays } from '../time.ts';
import type { RegionNames } from '../words.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

/** Dates, types, and behind a fold the sides, targets and regions. */
export function Filters({ filter, regionNames }: { filter: Filter; regionNames: RegionNames }) {
  const { t, dispatch } = useSurroundings();
  const apply = (next: Filter) => dispatch({ kind: 'filtered', filter: next });
  const folded = [filter.attacker, filter.target, filter.region].every(
    (value) => value === undefined,
  );
  return (
    <section class="filters" aria-label={t.filter.label}>
      <Dates filter={filter} apply={apply} />
      <fieldset class="types">
        <legend>{t.filter.types}</legend>
        {incidentTypeCodes.map((type) => (
          <button
            key={type}
            type="button"
            class="toggle"
            aria-pressed={filter.type?.includes(type) ?? false}
            onClick={() => apply(withMember(filter, 'type', toggled(filter.type ?? [], type)))}
          >
            <TypeSymbol type={type} />
            {t.types[type]}
          </button>
        ))}
      </fieldset>
      <details open={!folded}>
        <summary>{t.filter.more}</summary>
        <div class="fields">
          <Choice
            label={t.filter.attacker}
            codes={attackers}
            names={(code) => t.attackers[code]}
            chosen={filter.attacker}
            choose={(codes) => apply(withMember(filter, 'attacker', codes))}
          />
          <Choice
            label={t.filter.target}
            codes={targetTypes}
            names={(code) => t.targets[code]}
            chosen={filter.target}
            choose={(codes) => apply(withMember(filter, 'target', codes))}
          />
          <Choice
            label={t.filter.region}
            codes={[...regionNames.keys()]}
            names={(code) => regionNames.get(code) ?? code}
            chosen={filter.region}
            choose={(codes) => apply(withMember(filter, 'region', codes))}
          />
        </div>
      </details>
    </section>
  );
}

type Apply = (filter: Filter) => void;

function Dates({ filter, apply }: { filter: Filter; apply: Apply }) {
  const { t } = useSurroundings();
  const { first, last } = filteredDays(filter);
  const input = (label: string, day: Day | null, choose: (day: Day | null) => void) => (
    <label>
      <span>{label}</span>
      <input
        type="date"
        value={day === null ? '' : isoDay(day)}
        onChange={({ currentTarget: { value } }) => choose(value === '' ? null : dayOf(value))}
      />
    </label>
  );
  return (
    <fieldset class="dates">
      <legend>{t.filter.dates}</legend>
      {input(t.filter.from, first, (day) => apply(withDays(filter, day, last)))}
      {input(t.filter.to, last, (day) => apply(withDays(filter, first, day)))}
    </fieldset>
  );
}

interface ChoiceProps<Code extends string> {
  readonly label: string;
  readonly codes: readonly Code[];
  readonly names: (code: Code) => string;
  readonly chosen: readonly Code[] | undefined;
  readonly choose: (codes: readonly Code[]) => void;
}

/** One code of a list, or any; an address may hold several, which then show as the first entry. */
function Choice<Code extends string>({ label, codes, names, chosen, choose }: ChoiceProps<Code>) {
  const { t } = useSurroundings();
  const several = chosen !== undefined && chosen.length > 1;
  return (
    <label>
      <span>{label}</span>
      <select
        value={several ? '*' : (chosen?.[0] ?? '')}
        onChange={({ currentTarget: { value } }) => choose(codes.filter((code) => code === value))}
      >
        <option value="">{t.filter.any}</option>
        {several && <option value="*">{chosen.map(names).join(t.filter.or)}</option>}
        {codes.map((code) => (
          <option key={code} value={code}>
            {names(code)}
          </option>
        ))}
      </select>
    </label>
  );
}

function toggled<Code extends string>(codes: readonly Code[], code: Code): readonly Code[] {
  return codes.includes(code) ? codes.filter((each) => each !== code) : [...codes, code];
}

/** The filter with another list for one member; an empty list leaves the member out. */
function withMember<Name extends 'type' | 'attacker' | 'target' | 'region'>(
  filter: Filter,
  name: Name,
  codes: NonNullable<Filter[Name]>,
): Filter {
  const { [name]: _, ...others } = filter;
  return codes.length === 0 ? others : { ...others, [name]: codes };
}
