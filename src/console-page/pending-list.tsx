import { useRef } from 'preact/hooks';
import type { Failure, PendingRow } from '../console/contract.ts';
import { Heading } from './heading.tsx';
import { hrefOf } from './route.ts';
import { usePending } from './use-pending.ts';
import { When } from './when.tsx';
import type { PageLocale, PageWords } from './words.ts';

export interface PendingListProps {
  readonly words: PageWords;
  readonly locale: PageLocale;
  readonly namespace: string;
  readonly expired: () => void;
}

function Row({ row, locale }: { readonly row: PendingRow; readonly locale: PageLocale }) {
  const { namespace, name } = row;
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ kind: 'request', namespace, name })}>{name}</a>
      </th>
      <td>{namespace}</td>
      <td>{row.requester}</td>
      <td>{row.role}</td>
      <td class="number">{row.risk}</td>
      <td class="number">{row.approvals}</td>
      <td>
        <When time={row.approveBy} locale={locale} />
      </td>
    </tr>
  );
}

function Table({
  rows,
  words,
  locale,
}: { readonly rows: readonly PendingRow[] } & Pick<PendingListProps, 'words' | 'locale'>) {
  const { head } = words.list;
  const titles = [
    head.name,
    head.namespace,
    head.requester,
    head.role,
    head.risk,
    head.approvals,
    head.approveBy,
  ];
  return (
    <div class="wide" role="region" aria-label={words.list.caption} tabIndex={0}>
      <table>
        <caption class="unseen">{words.list.caption}</caption>
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={`${row.namespace}/${row.name}`} row={row} locale={locale} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Failed({
  why,
  words,
  namespace,
}: {
  readonly why: Failure;
  readonly words: PageWords;
  readonly namespace: string;
}) {
  const sentence =
    why.kind === 'Forbidden'
      ? words.list.forbidden(namespace)
      : words.trouble[why.kind === 'TooMany' || why.kind === 'Invalid' ? why.kind : 'Unreachable'];
  return (
    <div class="trouble" role="alert">
      <p>{sentence}</p>
      {why.message !== '' && <p class="detail">{why.message}</p>}
    </div>
  );
}

export function PendingList({ words, locale, namespace, expired }: PendingListProps) {
  const state = usePending(namespace, expired);
  const field = useRef<HTMLInputElement>(null);
  const choose = (event: Event) => {
    event.preventDefault();
    location.hash = hrefOf({ kind: 'list', namespace: field.current?.value.trim() ?? '' });
  };
  return (
    <>
      <Heading title={`${words.list.title} – ${words.title}`}>{words.list.title}</Heading>
      <form class="choose" onSubmit={choose} autocomplete="off">
        <label for="namespace">{words.list.namespace}</label>
        <input
          id="namespace"
          ref={field}
          defaultValue={namespace}
          spellcheck={false}
          aria-describedby="namespace-hint"
        />
        <button type="submit">{words.list.show}</button>
        <span id="namespace-hint" class="hint">
          {words.list.everywhere}
        </span>
      </form>
      <p role="status" class="count">
        {state.kind === 'loading' && words.loading}
        {state.kind === 'listed' &&
          (state.rows.length === 0 ? words.list.none : words.list.count(state.rows.length))}
      </p>
      {state.kind === 'listed' && state.isCut && <p class="trouble">{words.list.cut}</p>}
      {state.kind === 'listed' && state.rows.length > 0 && (
        <Table rows={state.rows} words={words} locale={locale} />
      )}
      {state.kind === 'listed' && state.trouble && (
        <Failed why={state.trouble} words={words} namespace={namespace} />
      )}
      {state.kind === 'failed' && <Failed why={state.why} words={words} namespace={namespace} />}
    </>
  );
}
