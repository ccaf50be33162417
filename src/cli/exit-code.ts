import type { Tally } from './input.ts';

/** What the command ends with. */
export const EXIT = { allowed: 0, denied: 1, needsApproval: 2, untold: 3 } as const;

/**
 * A program that is denied is sure to be wrong, so that outweighs everything; one of which nobody can tell may be worse than one that
 * needs approval. Only where all are allowed the code is 0.
 */
export function exitCodeOf({ needApproval, denied, failed }: Tally): number {
  if (denied > 0) return EXIT.denied;
  if (failed > 0) return EXIT.untold;
  return needApproval > 0 ? EXIT.needsApproval : EXIT.allowed;
}
