import { readFileSync } from 'node:fs';
import { cluster } from './installation.ts';

/** What the API server's audit log says of one call, as far as tests read it. */
export interface AuditLine {
  readonly stage: string;
  readonly verb?: string;
  readonly user?: { readonly username?: string };
  readonly sourceIPs?: readonly string[];
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

/** The API server's own audit log, where a line holds all of these texts. Local cluster only. */
export async function auditLines(...texts: readonly string[]): Promise<readonly AuditLine[]> {
  const { auditLog } = JSON.parse(await cluster('status', '-o', 'json')) as { readonly auditLog: string };
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && texts.every((text) => line.includes(text)))
    .map((line) => JSON.parse(line) as AuditLine);
}
