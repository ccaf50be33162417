import type { PageLocale, PageWords } from './words.ts';

export interface HeaderProps {
  readonly words: PageWords;
  readonly locale: PageLocale;
  readonly setLocale: (locale: PageLocale) => void;
  readonly who: string | undefined;
  readonly signOut: () => void;
}

export function Header({ words, locale, setLocale, who, signOut }: HeaderProps) {
  const skip = (event: Event) => {
    // The address is the route; a skip must not change it.
    event.preventDefault();
    document.getElementById('content')?.focus();
  };
  return (
    <header>
      <a class="skip" href="#content" onClick={skip}>
        {words.skip}
      </a>
      <a class="brand" href="#/">
        <img src="/icon.svg" alt="" width="28" height="28" />
        {words.title}
      </a>
      <div class="session">
        {who !== undefined && (
          <>
            <span>{words.signedInAs(who)}</span>
            <button type="button" onClick={signOut}>
              {words.signOut}
            </button>
          </>
        )}
        <label>
          {words.language}{' '}
          <select
            value={locale}
            onChange={({ currentTarget }) => setLocale(currentTarget.value === 'ja' ? 'ja' : 'en')}
          >
            <option value="en" lang="en">
              English
            </option>
            <option value="ja" lang="ja">
              日本語
            </option>
          </select>
        </label>
      </div>
    </header>
  );
}
