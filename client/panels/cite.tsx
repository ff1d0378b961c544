import { useState } from 'preact/hooks';
import { type CitationForm, citation, citationForms, embedCode, placeOf } from '../citation.ts';
import type { Incident } from '../model.ts';
import { reportedInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Copy } from './share.tsx';

/** How to cite the incident as it stands now, and how to show it on another page. */
export function Cite({ incident }: { incident: Incident }) {
  const { t } = useSurroundings();
  const [form, setForm] = useState<CitationForm | 'embed'>('plain');
  const { origin } = location;
  const accessed = new Date().toISOString().slice(0, 10);
  const text =
    form === 'embed'
      ? embedCode(placeOf(incident), incident.properties.title, origin)
      : citation(form, { incident, origin, accessed });
  return (
    <section class="cite">
      <h3>
        {t.incident.cite}
        <span class="aside">
          {t.incident.citeHint(reportedInWords(t, incident.properties.recorded_at))}
        </span>
      </h3>
      <p class="aside" lang="en">
        {incident.properties.attribution} ·{' '}
        {incident.properties.licence_url === null ? (
          incident.properties.licence
        ) : (
          <a
            href={incident.properties.licence_url}
            target="_blank"
            rel="noopener noreferrer external"
          >
            {incident.properties.licence}
          </a>
        )}
      </p>
      <div class="cite-head">
        <fieldset class="units">
          <legend class="unseen">{t.incident.citeForm}</legend>
          {([...citationForms, 'embed'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === form}
              onClick={() => setForm(each)}
            >
              {t.incident.citeForms[each]}
            </button>
          ))}
        </fieldset>
        <Copy words={t.share.copy} text={() => text} />
      </div>
      <textarea
        readOnly
        rows={form === 'plain' ? 6 : 9}
        aria-label={t.incident.citeForms[form]}
        value={text}
      />
    </section>
  );
}
