import { readFileSync } from 'node:fs';
import { cluster, SANDBOXES } from './installation.ts';

interface AuditLine {
  readonly stage: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
}

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
  const { auditLog } = JSON.parse(await cluster('status', '-o', 'json')) as { readonly auditLog: string };
  const creations: JobCreation[] = [];
  for (const line of readFileSync(auditLog, 'utf8').split('\n')) {
    if (!line.includes('"verb":"create"') || !line.includes('"resource":"jobs"')) continue;
    const { stage, objectRef, responseStatus, requestURI, requestReceivedTimestamp } = JSON.parse(
      line,
    ) as AuditLine;
    if (stage !== 'ResponseComplete' || objectRef?.resource !== 'jobs' || objectRef.namespace !== SANDBOXES)
      continue;
    if (requestURI.includes('dryRun')) continue;
    const at = Date.parse(requestReceivedTimestamp);
    creations.push({ name: objectRef.name ?? '', code: responseStatus?.code, at });
  }
  return creations;
}
