import { eventually } from '../../support/eventually.ts';
import { kubectl, must, read } from './kubectl.ts';

type Guard = 'sekisho-sandbox-jobs' | 'sekisho-sandbox-pods' | 'sekisho-sandbox-closed' | 'sekisho-status';

interface Binding {
  readonly metadata: { readonly name: string };
}

/** The API server reads its own policies a moment later: waits until `holds` says so. */
const until = (what: string, holds: () => Promise<boolean>) =>
  eventually(holds, { what, timeoutMilliseconds: 30_000, intervalMilliseconds: 200 });

/**
 * Takes ValidatingAdmissionPolicies out of force, so that a test can see what holds without them; answers what puts them back.
 * `isOff` tells by a dry run whether the API server has noticed.
 */
export async function withoutGuards(
  names: readonly Guard[],
  isOff: () => Promise<boolean>,
): Promise<() => Promise<void>> {
  const bindings = await Promise.all(
    names.map((name) => read<Binding>(['get', 'validatingadmissionpolicybinding', name])),
  );
  const restore = async () => {
    for (const { metadata, ...rest } of bindings) {
      const { name, labels, annotations } = metadata as Binding['metadata'] & Record<string, unknown>;
      await must(['apply', '-f', '-'], { ...rest, metadata: { name, labels, annotations } });
    }
    await until(`the API server has ${names.join(', ')} again`, async () => !(await isOff()));
  };
  await must(['delete', 'validatingadmissionpolicybinding', ...names]);
  try {
    await until(`the API server has dropped ${names.join(', ')}`, isOff);
  } catch (error) {
    await restore();
    throw error;
  }
  return restore;
}

/** Whether the API server would take this object, with everything that admission asks. */
export const wouldTake = async (object: object, flags: readonly string[] = []): Promise<boolean> =>
  (await kubectl(['create', '--dry-run=server', '-f', '-', ...flags], object)).code === 0;
