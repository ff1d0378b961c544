import type { Language } from '../../client/text/index.ts';
import { codeOf, type ProblemDocument } from '../errors.ts';
import { urls } from '../routes/links.ts';
import type { Page } from './page.tsx';
import type { Words } from './words.ts';

/** What went wrong, for people; in detail mostly in the API's own words, which are English. */
export function problemPage(
  { p, base }: Words,
  problem: ProblemDocument,
  detailIn: Language = 'en',
): Page {
  const { status, detail, parameter, value } = problem;
  const code = codeOf(problem);
  const title = code === undefined ? problem.title : p.problem.title(code);
  return {
    title,
    description: detail,
    path: [],
    links: [],
    content: (
      <>
        <p class="kicker">{status}</p>
        <h1>{title}</h1>
        <p class="lead" lang={detailIn}>
          {detail}
        </p>
        {parameter !== undefined && value !== undefined && (
          <p class="notice">
            <code>
              {parameter}={value}
            </code>
          </p>
        )}
        <ul class="pages">
          <li>
            <a href={urls.landing(base)}>{p.problem.back}</a>
          </li>
          <li>
            <a href={urls.map(base)}>{p.map}</a>
          </li>
        </ul>
      </>
    ),
  };
}
