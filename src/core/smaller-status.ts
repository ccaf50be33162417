import type { RequestStatus } from '../api/v1alpha1/code-execution-request.ts';

/** Characters kept of each stream, one attempt after the other. */
const KEPT = [65_536, 16_384] as const;

function withOutputOf(status: RequestStatus, characters: number): RequestStatus {
  const { result } = status;
  if (!result) return status;
  const stdout = result.stdout?.slice(0, characters).toWellFormed();
  const stderr = result.stderr?.slice(0, characters).toWellFormed();
  const truncated = result.truncated || stdout !== result.stdout || stderr !== result.stderr;
  return {
    ...status,
    result: {
      ...result,
      ...(stdout === undefined ? {} : { stdout }),
      ...(stderr === undefined ? {} : { stderr }),
      ...(truncated ? { truncated } : {}),
    },
  };
}

/** What must be told in any case: decision, first reason, how it ended. Findings are counted. */
function atLeast(status: RequestStatus): RequestStatus {
  const { verdict, ...rest } = withOutputOf(status, 0);
  if (!verdict) return rest;
  const { findings, reasons, truncatedFindings, ...kept } = verdict;
  const left = (findings?.length ?? 0) + (truncatedFindings ?? 0);
  return {
    ...rest,
    verdict: {
      ...kept,
      ...(reasons ? { reasons: reasons.slice(0, 1) } : {}),
      ...(left === 0 ? {} : { truncatedFindings: left }),
    },
  };
}

/** A status, and then ones that say the same in less room, each smaller than the one before: what to write until there is room for it. */
export function* everSmaller(status: RequestStatus): Generator<RequestStatus> {
  yield status;
  for (const characters of KEPT) yield withOutputOf(status, characters);
  yield atLeast(status);
}
