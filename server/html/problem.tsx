import type { ProblemDocument } from '../errors.ts';
import { urls } from '../routes/links.ts';
import type { Page } from './page.tsx';
import type { Words } from './words.ts';

/** What went wrong, for people; the words of the problem are the API's own. */
export function problemPage({ p, base }: Words, problem: ProblemDocument): Page {
  const { status, title, detail, parameter, value } = problem;
  return {
    title,
    description: detail,
    path: [],
    links: [],
    content: (
      <div lang="en">
        <p class="kicker">{status}</p>
        <h1>{title}</h1>
        <p class="lead">{detail}</p>
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
      </div>
    ),
  };
}
