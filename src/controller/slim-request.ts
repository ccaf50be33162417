import { isFinished } from '../core/finished.ts';
import { inputTexts, withoutInput } from '../api/input.ts';
import type { CodeExecutionRequest } from '../api/parse.ts';
import { withBareMetadata } from '../kube/object.ts';

/**
 * Characters of program, files, input and arguments that are kept of a request that waits. Most programs are shorter. What is longer is
 * read when it is needed: a tenant may have a thousand requests of half a megabyte wait, and this process must go on.
 */
const KEPT_CHARACTERS = 8192;

type Stored = Partial<CodeExecutionRequest>;

const lengthOf = (spec: CodeExecutionRequest['spec']): number =>
  inputTexts(spec).reduce((sum, [, text = '']) => sum + text.length, 0);

/** Of a finished request only what says so is kept: ten thousand of them must fit into memory. */
const bareStatus = ({ state, result, auditRecord }: CodeExecutionRequest['status']) => ({
  state,
  auditRecord,
  result: result && { reason: 'Completed', startedAt: result.startedAt },
});

/** A stored request → what the cache keeps of it. Labels and annotations are nobody's business here, and may be large. */
export function slimRequest(object: object): object {
  const bare = withBareMetadata(object);
  const { spec, status } = object as Stored;
  if (status && isFinished(status)) return { ...bare, spec: withoutInput(spec), status: bareStatus(status) };
  if (spec && lengthOf(spec) > KEPT_CHARACTERS) return { ...bare, spec: withoutInput(spec), abridged: true };
  return bare;
}

/** Whether the program of a request that has not finished was left out of the cache. */
export const isAbridged = (object: object): boolean => 'abridged' in object;
