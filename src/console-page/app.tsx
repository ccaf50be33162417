import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Failure, Session } from '../console/contract.ts';
import { Header } from './header.tsx';
import { PendingList } from './pending-list.tsx';
import { RequestPage } from './request-page.tsx';
import { useRoute } from './route.ts';
import { failureOf, fetchSession, tokenStore } from './server-calls.ts';
import { SignIn } from './sign-in.tsx';
import { WORDS } from './words.ts';
import type { PageLocale } from './words.ts';

type SignedIn =
  | { readonly kind: 'asking' }
  | { readonly kind: 'out'; readonly why: Failure['kind'] | undefined }
  | { readonly kind: 'in'; readonly session: Session };

const STORED_LOCALE = 'sekisho-locale';

function firstLocale(): PageLocale {
  const kept = localStorage.getItem(STORED_LOCALE);
  if (kept === 'en' || kept === 'ja') return kept;
  return navigator.language.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

function useLocale(): readonly [PageLocale, (locale: PageLocale) => void] {
  const [locale, setLocale] = useState(firstLocale);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return [
    locale,
    (next) => {
      localStorage.setItem(STORED_LOCALE, next);
      setLocale(next);
    },
  ];
}

/** The session, which a proxy may have opened before us: so the first question goes without a token where there is none. */
function useSession() {
  const [signedIn, setSignedIn] = useState<SignedIn>({ kind: 'asking' });
  const ask = useCallback(async (whyOut: Failure['kind'] | undefined) => {
    try {
      setSignedIn({ kind: 'in', session: await fetchSession() });
    } catch (error) {
      const { kind } = failureOf(error);
      if (kind === 'SignIn') tokenStore.forget();
      setSignedIn({ kind: 'out', why: kind === 'SignIn' ? whyOut : kind });
    }
  }, []);
  useEffect(() => void ask(tokenStore.read() === '' ? undefined : 'SignIn'), [ask]);
  const signIn = useCallback(
    (token: string) => {
      tokenStore.keep(token);
      return ask('SignIn');
    },
    [ask],
  );
  const signOut = useCallback((why?: Failure['kind']) => {
    tokenStore.forget();
    setSignedIn({ kind: 'out', why });
  }, []);
  return { signedIn, signIn, signOut };
}

export function App() {
  const [locale, setLocale] = useLocale();
  const { signedIn, signIn, signOut } = useSession();
  const route = useRoute();
  const words = WORDS[locale];
  const who = signedIn.kind === 'in' ? signedIn.session.username : undefined;
  const expired = useCallback(() => signOut('SignIn'), [signOut]);
  return (
    <>
      <Header {...{ words, locale, setLocale, who }} signOut={() => signOut()} />
      <main id="content" tabIndex={-1}>
        {signedIn.kind === 'asking' && <p role="status">{words.loading}</p>}
        {signedIn.kind === 'out' && <SignIn words={words} why={signedIn.why} signIn={signIn} />}
        {signedIn.kind === 'in' && route.kind === 'list' && (
          <PendingList key={route.namespace} {...{ words, locale, expired }} namespace={route.namespace} />
        )}
        {signedIn.kind === 'in' && route.kind === 'request' && (
          <RequestPage
            key={`${route.namespace}/${route.name}`}
            {...{ words, locale, expired }}
            namespace={route.namespace}
            name={route.name}
          />
        )}
      </main>
    </>
  );
}
