import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { nameKey, nearness } from '../../server/domain/place-name.ts';
import { ApiError, fetchNamed, type Problem } from '../api.ts';
import type { Named } from '../model.ts';
import type { Action } from '../state.ts';
import type { Language, Texts } from '../text/index.ts';
import { countryInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';
import { problemInWords } from './notices.tsx';

/** One place or region in the list: what it is called, where it is, what choosing it does. */
interface Choice {
  readonly id: string;
  readonly name: string;
  readonly where: string;
  readonly action: Action;
}

type Answer =
  | { readonly status: 'none' }
  | { readonly status: 'found'; readonly choices: readonly Choice[] }
  | { readonly status: 'failed'; readonly problem: Problem };

const nothing: Answer = { status: 'none' };

/** How long the reader must pause before the server is asked, ms. */
const pause = 180;

/** Shorter texts begin half of all names. */
const shortest = 2;

/**
 * A box to go to a place or a region by its name, in any spelling: a combobox as the ARIA
 * Authoring Practices have it, driven by arrow keys, Enter and Escape.
 */
export function PlaceSearch() {
  const { t, language, dispatch } = useSurroundings();
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState(nothing);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const list = useId();
  const frame = useRef<HTMLDivElement>(null);
  const choices = answer.status === 'found' ? answer.choices : [];
  const chosen = open ? choices[active] : undefined;

  useEffect(() => {
    const name = text.trim();
    if (!open || name.length < shortest) {
      setAnswer(nothing);
      return;
    }
    const ends = new AbortController();
    const timer = setTimeout(async () => {
      const next = await ask(name, ends.signal);
      if (ends.signal.aborted) return;
      setAnswer(
        'places' in next
          ? { status: 'found', choices: choicesOf(t, language, name, next) }
          : { status: 'failed', problem: next },
      );
      setActive(0);
    }, pause);
    return () => {
      clearTimeout(timer);
      ends.abort();
    };
  }, [text, open, language]);

  const choose = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    setText(choice.name);
    setOpen(false);
    dispatch(choice.action);
  };
  const clear = () => {
    setText('');
    setOpen(false);
    dispatch({ kind: 'located-nothing' });
  };
  const step = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (choices.length > 0) setActive((active + by + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === 'Escape' && (open || text !== '')) {
      // The panel that is open stays.
      event.preventDefault();
      event.stopPropagation();
      if (open) setOpen(false);
      else clear();
    }
  };
  return (
    <search class="place-search" ref={frame}>
      <Icon name="search" />
      <input
        type="text"
        role="combobox"
        aria-label={t.search.label}
        placeholder={t.search.hint}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={100}
        aria-autocomplete="list"
        aria-expanded={open && choices.length > 0}
        aria-controls={list}
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${active}`}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          setOpen(true);
        }}
        onKeyDown={step}
        onBlur={() => setOpen(false)}
      />
      {text !== '' && (
        <button type="button" class="plain" aria-label={t.search.clear} onClick={clear}>
          <Icon name="close" />
        </button>
      )}
      <span class="unseen" role="status">
        {open && answer.status === 'found' && t.search.results(choices.length)}
      </span>
      <div
        id={list}
        role="listbox"
        aria-label={t.search.label}
        hidden={!open || choices.length === 0}
      >
        {choices.map((choice, index) => (
          <button
            type="button"
            key={choice.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // The box must keep the focus, or the list would be gone before the click.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(choice)}
          >
            <b>{choice.name}</b>
            <span>{choice.where}</span>
          </button>
        ))}
      </div>
      {open && answer.status === 'found' && choices.length === 0 && (
        <p class="answer">{t.search.none}</p>
      )}
      {open && answer.status === 'failed' && (
        <p class="answer" role="alert">
          {problemInWords(t, answer.problem, 'region')}
        </p>
      )}
    </search>
  );
}

async function ask(name: string, signal: AbortSignal): Promise<Named | Problem> {
  try {
    return await fetchNamed(name, signal);
  } catch (error) {
    if (error instanceof ApiError) return error.problem;
    if (signal.aborted) return { kind: 'unreachable' };
    throw error;
  }
}

/** Places and regions in one list, the nearest name first; of equally near ones the places. */
function choicesOf(
  t: Texts,
  language: Language,
  asked: string,
  { places, regions }: Named,
): Choice[] {
  const key = nameKey(asked);
  const near = (names: readonly (string | null)[]) =>
    Math.max(...names.map((name) => (name === null ? 0 : nearness(nameKey(name), key))));
  const own = (en: string, uk: string | null) => (language === 'uk' ? (uk ?? en) : en);
  const found = [
    ...places.map(({ id, geometry, properties }) => {
      const { country, population, region_name } = properties;
      const [longitude, latitude] = geometry.coordinates;
      const name = own(properties.name, properties.name_uk);
      const where = [
        region_name === null ? null : own(region_name.en, region_name.uk),
        countryInWords(t, country),
        population === null ? null : t.search.population(population),
      ];
      const choice: Choice = {
        id,
        name,
        where: where.filter((part) => part !== null).join(', '),
        action: {
          kind: 'located',
          located: { name, longitude, latitude },
          zoom: zoomFor(population ?? 0),
        },
      };
      return { choice, near: near([properties.name, properties.name_uk]) };
    }),
    ...regions.map(({ id, properties }) => {
      const { country, name_en, name_uk } = properties;
      const choice: Choice = {
        id,
        name: own(name_en, name_uk),
        where: t.region.of(countryInWords(t, country)),
        action: { kind: 'opened', open: { kind: 'region', code: id } },
      };
      return { choice, near: near([name_en, name_uk, id]) };
    }),
  ];
  return found.sort((one, other) => other.near - one.near).map(({ choice }) => choice);
}

/** A town fills the map about as a village does. */
function zoomFor(population: number): number {
  return population > 500_000 ? 9.5 : population > 50_000 ? 10.5 : 11.5;
}
