import { useEffect, useState } from 'preact/hooks';

/** What the address shows. A link opens a view; nothing is ever decided by one. */
export type Route =
  | { readonly kind: 'list'; readonly namespace: string }
  | { readonly kind: 'request'; readonly namespace: string; readonly name: string };

/** `#/`, `#/pending/NAMESPACE` or `#/requests/NAMESPACE/NAME`. */
export function routeOf(hash: string): Route {
  const [, kind, namespace = '', name = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  if (kind === 'requests' && namespace !== '' && name !== '') return { kind: 'request', namespace, name };
  return { kind: 'list', namespace: kind === 'pending' ? namespace : '' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export const hrefOf = (route: Route): string => {
  const namespace = encodeURIComponent(route.namespace);
  if (route.kind === 'request') return `#/requests/${namespace}/${encodeURIComponent(route.name)}`;
  return route.namespace === '' ? '#/' : `#/pending/${namespace}`;
};

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}
