import { createHash } from 'node:crypto';
import { rules } from './rules/index.ts';

let digest: string | undefined;

/** What tells one rule set from another: ids, severities and versions. */
export function ruleSetDigest(): string {
  digest ??= `sha256:${createHash('sha256')
    .update(
      rules
        .map(({ id, severity, version }) => `${id} ${severity} ${version}`)
        .toSorted()
        .join('\n'),
    )
    .digest('hex')}`;
  return digest;
}
