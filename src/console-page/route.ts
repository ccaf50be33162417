import { useEffect, useState } from 'preact/hooks';

/** What the address shows. A link opens a view; nothing is ever decided by one. */
export type Route =
  | { readonly kind: 'list'; readonly namespace: string }
  | { readonly kind: 'request'; readonly namespace: string; readonly name: string };

/** `#/`, `#/NAMESPACE` or `#/NAMESPACE/NAME`. */
export function routeOf(hash: string): Route {
  const [, namespace = '', name = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  return namespace !== '' && name !== '' ? { kind: 'request', namespace, name } : { kind: 'list', namespace };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export const hrefOf = (route: Route): string => {
  const parts = route.kind === 'request' ? [route.namespace, route.name] : [route.namespace];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
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
