import type { ComponentChildren } from 'preact';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import { clusterSizes, sizeSteps } from '../map/measures.ts';
import { type LayerSwitch, type SizeMeasure, sizeMeasures } from '../state.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

interface LegendProps {
  readonly hidden: readonly LayerSwitch[];
  readonly size: SizeMeasure;
  /** Whether the types stand here, or in the filter that is beside the map anyway. */
  readonly types: 'here' | 'in the filter';
}

/** What the map's signs mean, readable by shape alone, and which of them are drawn. */
export function Legend({ hidden, size, types }: LegendProps) {
  const { t } = useSurroundings();
  return (
    <div class="legend-body">
      {types === 'here' && (
        <>
          <h2>{t.legend.types}</h2>
          <ul class="legend-types">
            {incidentTypeCodes.map((type) => (
              <li key={type}>
                <TypeSymbol type={type} />
                {t.types[type]}
              </li>
            ))}
          </ul>
        </>
      )}
      <ul class="legend-signs">
        <Sign name="cluster" words={t.legend.cluster} />
        <Sign name="area" words={t.legend.area} />
        <Sign name="disc" words={t.legend.uncertainty} layer="uncertainty" hidden={hidden} />
        <Sign name="claim" words={t.legend.claim} layer="claims" hidden={hidden}>
          <em>{t.legend.claimNote}</em>
        </Sign>
      </ul>
      <details class="legend-more" open={size !== 'incidents' || !hidden.includes('heat')}>
        <summary>{t.legend.more}</summary>
        <Sizes size={size} />
        <ul class="legend-signs">
          <Sign name="region" words={t.legend.regions} layer="regions" hidden={hidden} />
          <Sign name="town" words={t.legend.labels} layer="labels" hidden={hidden} />
          <Sign name="heat" words={t.legend.heat} layer="heat" hidden={hidden} />
        </ul>
      </details>
    </div>
  );
}

/** What the width of a ring stands for, from which number on it is how wide, and what is left out. */
function Sizes({ size }: { size: SizeMeasure }) {
  const { t, dispatch } = useSurroundings();
  return (
    <div class="sizes">
      <fieldset class="units">
        <legend class="unseen">{t.legend.size}</legend>
        {sizeMeasures.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === size}
            onClick={() => dispatch({ kind: 'sized', size: each })}
          >
            {t.legend.sizes[each]}
          </button>
        ))}
      </fieldset>
      <ol class="size-steps" aria-hidden="true">
        {clusterSizes.map((width, step) => (
          <li key={width}>
            <span class="ring" style={{ width: `${width}px`, height: `${width}px` }} />
            {step === 0 ? `< ${t.number(sizeSteps[0])}` : `${t.number(sizeSteps[step - 1] ?? 0)}+`}
          </li>
        ))}
      </ol>
      <p class="hint">
        {t.legend.sizeSteps} {size !== 'incidents' && t.legend.sizeNote}
      </p>
    </div>
  );
}

interface SignProps {
  readonly name: 'cluster' | 'area' | 'disc' | 'claim' | 'region' | 'town' | 'heat';
  readonly words: string;
  /** Given where the sign's layer can be switched off. */
  readonly layer?: LayerSwitch;
  readonly hidden?: readonly LayerSwitch[];
  readonly children?: ComponentChildren;
}

function Sign({ name, words, layer, hidden, children }: SignProps) {
  const { t, dispatch } = useSurroundings();
  return (
    <li>
      <span class={`sign sign-${name}`} aria-hidden="true">
        {name === 'cluster' && '7'}
      </span>
      <span class="sign-words">
        {words}
        {children}
      </span>
      {layer !== undefined && (
        <input
          type="checkbox"
          class="switch"
          aria-label={t.legend.show(t.legend.switches[layer])}
          checked={!hidden?.includes(layer)}
          onChange={() => dispatch({ kind: 'switched', layer })}
        />
      )}
    </li>
  );
}
