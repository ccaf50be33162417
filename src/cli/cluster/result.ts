import type { Result } from '../../api/v1alpha1/code-execution-request.ts';
import { outputTo } from '../output.ts';
import type { Output } from '../output.ts';

/** Standard output to ours, standard error to ours; status holds both with control characters escaped. */
export async function writeResult(
  { stdout = '', stderr = '', truncated }: Result,
  output: Output,
  words: { readonly cut: string },
): Promise<void> {
  const errors = outputTo(process.stderr);
  await output.write(stdout);
  await errors.write(stderr);
  if (truncated) await errors.write(`${words.cut}\n`);
}
