import { useSurroundings } from './context.ts';

/** Every source of what the map shows, with its licence. */
export function Attribution() {
  const { t } = useSurroundings();
  const { short, ...sources } = t.attribution;
  return (
    <details class="attribution">
      <summary>{short}</summary>
      <ul>
        {Object.values(sources).map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
    </details>
  );
}
