import { useLayoutEffect, useState } from 'preact/hooks';
import {
  type Days,
  type Histogram,
  type PlayMode,
  playModes,
  playStart,
  stepped,
} from '../time.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

const speeds = [1, 2, 4] as const;
/** A step at the lowest speed, ms; longer for those who want less motion. */
const stepMs = { full: 1_000, reduced: 2_500 } as const;

interface PlayerProps {
  readonly counted: Histogram;
  /** The chosen dates; null for all. */
  readonly days: Days | null;
  readonly playing: boolean;
  /** Whether the last step's answer is there; no step is made before. */
  readonly isReady: boolean;
  readonly apply: (days: Days) => void;
}

/** Moves the dates bar by bar, by itself or by hand: a window, or everything up to a date. */
export function Player({ counted, days, playing, isReady, apply }: PlayerProps) {
  const { t, dispatch } = useSurroundings();
  const [mode, setMode] = useState<PlayMode>('window');
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const play = (on: boolean) => dispatch({ kind: 'playing', playing: on });
  const step = (by: 1 | -1) => {
    const next = days === null ? playStart(counted, mode) : stepped(counted, days, mode, by);
    if (next === null) play(false);
    else apply(next);
  };
  const toggle = () => {
    if (playing) {
      play(false);
      return;
    }
    const atEnd = days !== null && stepped(counted, days, mode, 1) === null;
    const start = days === null || atEnd ? playStart(counted, mode) : null;
    play(true);
    if (start !== null) apply(start);
  };
  // Before anything else happens: a pause must not be followed by one more step.
  useLayoutEffect(() => {
    if (!playing || !isReady) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const wait = still ? stepMs.reduced : stepMs.full / speed;
    const timer = setTimeout(() => step(1), wait);
    return () => clearTimeout(timer);
  });
  return (
    <fieldset class="player">
      <legend class="unseen">{t.timeline.player}</legend>
      <button type="button" class="plain" aria-label={t.timeline.back} onClick={() => step(-1)}>
        <Icon name="stepBack" />
      </button>
      <button
        type="button"
        class="play"
        aria-label={playing ? t.timeline.pause : t.timeline.play}
        onClick={toggle}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <button type="button" class="plain" aria-label={t.timeline.on} onClick={() => step(1)}>
        <Icon name="stepOn" />
      </button>
      <select
        aria-label={t.timeline.mode}
        value={mode}
        onChange={({ currentTarget: { value } }) =>
          setMode(playModes.find((each) => each === value) ?? 'window')
        }
      >
        {playModes.map((each) => (
          <option key={each} value={each}>
            {t.timeline.modes[each]}
          </option>
        ))}
      </select>
      <select
        aria-label={t.timeline.speed}
        value={speed}
        onChange={({ currentTarget: { value } }) =>
          setSpeed(speeds.find((each) => each === Number(value)) ?? 1)
        }
      >
        {speeds.map((each) => (
          <option key={each} value={each}>
            {t.timeline.times(each)}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
