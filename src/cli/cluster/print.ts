import * as yaml from 'js-yaml';
import { safeText } from '../../core/run/text.ts';

/** Forms for programs. */
export type Form = 'json' | 'yaml';

/** JSON, in which each character that nobody sees or that reorders text is an escape: safe in a terminal, and the same value. */
function asJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  if (safeText(text) === text) return text;
  return [...text]
    .map((character) =>
      safeText(character) === character
        ? character
        : character
            .split('')
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
            .join(''),
    )
    .join('');
}

/** A value for programs. YAML cannot escape outside quotes, so a value that needs it comes as JSON, which is YAML too. */
export function printed(value: unknown, form: Form): string {
  const json = `${asJson(value)}\n`;
  if (form === 'json') return json;
  const text = yaml.dump(value, { lineWidth: -1, noRefs: true });
  return safeText(text) === text ? text : json;
}

/** An object as `kubectl get` prints it: without the record of who set which field. */
export function objectOf(object: object): object {
  const { metadata, ...rest } = object as { readonly metadata?: { readonly managedFields?: unknown } };
  const { managedFields: _who, ...kept } = metadata ?? {};
  return { ...rest, metadata: kept };
}

/** As `kubectl get` prints several objects. */
export const listOf = (items: readonly object[]): object => ({
  ...{ apiVersion: 'v1', kind: 'List' },
  items: items.map(objectOf),
});
