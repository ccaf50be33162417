import type { ShownFinding, ShownVerdict } from '../console/contract.ts';
import { leadTo } from './texts.tsx';
import type { PageWords } from './words.ts';

function Finding({ finding }: { readonly finding: ShownFinding }) {
  const { file, line, column, severity, rule, message } = finding;
  return (
    <li>
      <button type="button" class="place" onClick={() => leadTo(file, line)}>
        {file}:{line}:{column}
      </button>{' '}
      <strong class={`severity ${severity.toLowerCase()}`}>{severity}</strong> <code>{rule}</code> {message}
    </li>
  );
}

/** Why a request is judged as it is. */
export function Verdict({
  verdict,
  words,
}: {
  readonly verdict: ShownVerdict | undefined;
  readonly words: PageWords;
}) {
  if (!verdict) return <p>{words.view.notJudged}</p>;
  const { risk, reasons, findings, more } = verdict;
  return (
    <>
      <p>
        {words.view.risk}: <strong>{risk}</strong>
      </p>
      <ul>
        {reasons.map((reason, index) => (
          <li key={index}>{reason}</li>
        ))}
      </ul>
      <h3>{words.view.findings}</h3>
      {findings.length === 0 && <p>{words.view.noFindings}</p>}
      <ul class="findings">
        {findings.map((finding, index) => (
          <Finding key={index} finding={finding} />
        ))}
      </ul>
      {more !== undefined && <p>{more}</p>}
    </>
  );
}
