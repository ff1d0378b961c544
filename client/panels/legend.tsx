import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import { type LayerSwitch, layerSwitches } from '../state.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

/** What the map's signs mean, readable by shape alone, and which of them are drawn. */
export function Legend({ hidden }: { hidden: readonly LayerSwitch[] }) {
  const { t, dispatch } = useSurroundings();
  return (
    <div class="legend-body">
      <h3>{t.legend.types}</h3>
      <ul class="legend-types">
        {incidentTypeCodes.map((type) => (
          <li key={type}>
            <TypeSymbol type={type} />
            {t.types[type]}
          </li>
        ))}
      </ul>
      <ul class="legend-signs">
        <li>
          <span class="sign sign-cluster" aria-hidden="true">
            7
          </span>
          {t.legend.cluster}
        </li>
        <li>
          <span class="sign sign-disc" aria-hidden="true" />
          {t.legend.uncertainty}
        </li>
        <li>
          <span class="sign sign-area" aria-hidden="true" />
          {t.legend.area}
        </li>
        <li>
          <span class="sign sign-claim" aria-hidden="true" />
          <span>
            {t.legend.claim}
            <em>{t.legend.claimNote}</em>
          </span>
        </li>
      </ul>
      <fieldset class="switches">
        <legend>{t.legend.layers}</legend>
        {layerSwitches.map((layer) => (
          <label key={layer}>
            <input
              type="checkbox"
              checked={!hidden.includes(layer)}
              onChange={() => dispatch({ kind: 'switched', layer })}
            />
            {t.legend.switches[layer]}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
