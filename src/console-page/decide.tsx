import { useId, useRef, useState } from 'preact/hooks';
import type { Decision, Failure, Shown } from '../console/contract.ts';
import { failureOf, sendDecision } from './server-calls.ts';
import { leadTo } from './texts.tsx';
import type { Unseen } from './texts.tsx';
import type { PageWords } from './words.ts';

export interface DecideProps {
  readonly shown: Shown;
  readonly digest: string;
  /** It is another digest than when the page was opened. */
  readonly isChanged: boolean;
  readonly words: PageWords;
  /** What was not on the screen yet; undefined while not all is drawn. */
  readonly left: readonly Unseen[] | undefined;
  readonly onDecided: (decision: Decision['decision']) => void;
  readonly expired: () => void;
}

type Progress =
  | { readonly kind: 'open' }
  | { readonly kind: 'blank' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'refused'; readonly why: Failure };

function Trouble({ progress, words }: { readonly progress: Progress; readonly words: PageWords }) {
  if (progress.kind === 'blank') return <p>{words.decide.blank}</p>;
  if (progress.kind !== 'refused') return null;
  const { kind, message } = progress.why;
  const isKnown = kind === 'Unreachable' || kind === 'TooMany';
  return (
    <>
      <p>
        {kind === 'Forbidden' ? words.decide.forbidden : isKnown ? words.trouble[kind] : words.decide.refused}
      </p>
      {message !== '' && <p class="detail">{message}</p>}
    </>
  );
}

interface ChoicesProps extends Pick<DecideProps, 'words' | 'left'> {
  readonly isSending: boolean;
  readonly id: string;
  readonly send: (decision: Decision['decision']) => void;
}

/** The two ways out, and what stands before them. */
function Choices({ words, left, isSending, id, send }: ChoicesProps) {
  const first = left?.[0];
  const unread = first ? words.decide.unread(first.title, first.line) : words.view.drawing;
  const isRead = left?.length === 0;
  return (
    <>
      <p id={`${id}-read`} role="status">
        {isSending ? words.decide.sending : isRead ? words.decide.read : unread}
      </p>
      {first && (
        <p>
          <button type="button" onClick={() => leadTo(first.title, first.line)}>
            {words.decide.goThere}
          </button>
        </p>
      )}
      <div class="choices">
        <button
          type="button"
          class="primary"
          aria-disabled={!isRead}
          aria-describedby={`${id}-read ${id}-bound`}
          onClick={() => send('Approve')}
        >
          {words.decide.approve}
        </button>
        <button type="button" aria-describedby={`${id}-bound`} onClick={() => send('Deny')}>
          {words.decide.deny}
        </button>
      </div>
    </>
  );
}

/** The form. It sends the digest of what is on the page, and only what was read to its end can be approved. */
export function Decide({ shown, digest, isChanged, words, left, onDecided, expired }: DecideProps) {
  const reason = useRef<HTMLTextAreaElement>(null);
  const [progress, setProgress] = useState<Progress>({ kind: 'open' });
  const id = useId();
  const isRead = left?.length === 0;
  const send = async (decision: Decision['decision']) => {
    const text = reason.current?.value.trim() ?? '';
    if (progress.kind === 'sending' || (decision === 'Approve' && !isRead)) return;
    if (text === '') {
      setProgress({ kind: 'blank' });
      reason.current?.focus();
      return;
    }
    setProgress({ kind: 'sending' });
    try {
      await sendDecision(shown, { uid: shown.uid, digest, decision, reason: text });
      onDecided(decision);
    } catch (error) {
      const why = failureOf(error);
      if (why.kind === 'SignIn') return expired();
      setProgress({ kind: 'refused', why });
    }
  };
  return (
    <form onSubmit={(event) => event.preventDefault()} autocomplete="off" noValidate>
      {isChanged && <p class="trouble">{words.view.changed}</p>}
      <p id={`${id}-bound`}>
        {words.decide.bound} <code class="digest">{digest}</code>
      </p>
      <label for={`${id}-reason`}>{words.decide.reason}</label>
      <textarea
        id={`${id}-reason`}
        ref={reason}
        rows={3}
        maxLength={1024}
        required
        aria-invalid={progress.kind === 'blank'}
        aria-describedby={`${id}-trouble`}
      />
      <div id={`${id}-trouble`} class="trouble" role="alert">
        <Trouble progress={progress} words={words} />
      </div>
      <Choices
        {...{ words, left, id }}
        isSending={progress.kind === 'sending'}
        send={(decision) => void send(decision)}
      />
    </form>
  );
}
