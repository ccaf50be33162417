import { auditLines } from './audit-lines.ts';
import { SANDBOXES } from './installation.ts';

/** A creation of a Job in the sandbox namespace, as the API server's own audit log tells it. */
export interface JobCreation {
  readonly name: string;
  /** HTTP status of the answer. */
  readonly code: number | undefined;
  /** When it was asked, in epoch milliseconds. */
  readonly at: number;
}

/** Every creation of a Job there that was asked for in earnest, whatever the answer. Local cluster only. */
export async function jobCreations(): Promise<readonly JobCreation[]> {
  return (await auditLines('"verb":"create"', '"resource":"jobs"'))
    .filter(({ stage, objectRef, requestURI }) => {
      const isJob = objectRef?.resource === 'jobs' && objectRef.namespace === SANDBOXES;
      return stage === 'ResponseComplete' && isJob && !requestURI.includes('dryRun');
    })
    .map(({ objectRef, responseStatus, requestReceivedTimestamp }) => ({
      name: objectRef?.name ?? '',
      code: responseStatus?.code,
      at: Date.parse(requestReceivedTimestamp),
    }));
}
