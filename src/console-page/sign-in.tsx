import { useRef, useState } from 'preact/hooks';
import type { Failure } from '../console/contract.ts';
import { Heading } from './heading.tsx';
import type { PageWords } from './words.ts';

export interface SignInProps {
  readonly words: PageWords;
  /** Why the last token served no longer, or was refused. */
  readonly why: Failure['kind'] | undefined;
  readonly signIn: (token: string) => Promise<void>;
}

function sentenceOf(why: Failure['kind'], words: PageWords): string {
  if (why === 'SignIn') return words.signIn.refused;
  return why === 'TooMany' || why === 'Invalid' ? words.trouble[why] : words.trouble.Unreachable;
}

export function SignIn({ words, why, signIn }: SignInProps) {
  const field = useRef<HTMLInputElement>(null);
  const [isAsking, setAsking] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    setEmpty(token === '');
    if (token === '') field.current?.focus();
    if (token === '' || isAsking) return;
    setAsking(true);
    await signIn(token);
    setAsking(false);
    field.current?.select();
  };
  const trouble = isEmpty ? words.signIn.empty : why && !isAsking ? sentenceOf(why, words) : undefined;
  return (
    <section class="sign-in">
      <Heading title={`${words.signIn.title} – ${words.title}`}>{words.signIn.title}</Heading>
      <p>{words.signIn.lead}</p>
      {isSecureContext ? (
        <form onSubmit={(event) => void submit(event)} autocomplete="off" noValidate>
          <label for="token">{words.signIn.token}</label>
          <input
            id="token"
            ref={field}
            type="password"
            autocomplete="off"
            spellcheck={false}
            aria-describedby="token-hint token-trouble"
            aria-invalid={trouble !== undefined}
            required
          />
          <p id="token-hint" class="hint">
            {words.signIn.hint}
          </p>
          <p id="token-trouble" class="trouble" role="alert">
            {trouble}
          </p>
          <button type="submit" class="primary">
            {words.signIn.go}
          </button>
          <p role="status">{isAsking && words.signIn.checking}</p>
        </form>
      ) : (
        <p class="trouble" role="alert">
          {words.signIn.insecure}
        </p>
      )}
    </section>
  );
}
