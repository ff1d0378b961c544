import type { ComponentChildren } from 'preact';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { LayerSwitch } from '../state.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

interface LegendProps {
  readonly hidden: readonly LayerSwitch[];
  /** Whether the types stand here, or in the filter that is beside the map anyway. */
  readonly types: 'here' | 'in the filter';
}

/** What the map's signs mean, readable by shape alone, and which of them are drawn. */
export function Legend({ hidden, types }: LegendProps) {
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
        <Sign name="town" words={t.legend.labels} layer="labels" hidden={hidden} />
      </ul>
    </div>
  );
}

interface SignProps {
  readonly name: 'cluster' | 'area' | 'disc' | 'claim' | 'town';
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
