import type { CodeExecutionRequest } from '../api/parse.ts';
import type { AuditRecord } from '../api/v1alpha1/code-execution-request.ts';
import { linked } from '../core/audit/chain.ts';
import type { Head, Linked } from '../core/audit/chain.ts';
import { eventOf } from '../core/audit/event.ts';
import type { LogEvent } from '../core/audit/ocsf.ts';
import type { Observed, Plan } from '../core/observed.ts';
import { timeOf } from '../core/time.ts';
import { canonicalJson } from '../core/verdict/digest.ts';
import { runName } from '../objects/names.ts';
import type { AuditRing } from './audit-ring.ts';

export interface AuditLogPorts {
  readonly ring: Pick<AuditRing, 'load' | 'add'>;
  /** Writes one line to the standard output, before anything that it speaks of happens. */
  readonly write: (line: string) => void;
  /** Name of this process. */
  readonly writer: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Told {
  readonly said: string;
  readonly record: AuditRecord;
}

/**
 * The hash-chained log of every decision. A record is on the standard output before its effect; in the cluster it is saved some
 * seconds later, and the status of its request names it at once.
 */
export class AuditLog {
  readonly #ports: AuditLogPorts;
  readonly #told = new Map<string, Told>();
  #head: Head | undefined;

  constructor(ports: AuditLogPorts) {
    this.#ports = ports;
  }

  /** Takes the chain up where it ended: in the ring, or later, where statuses name records that were never saved. */
  async open(requests: readonly CodeExecutionRequest[]): Promise<void> {
    const { ring, writer, now } = this.#ports;
    const saved = await ring.load();
    const named = requests.flatMap(({ status }) => status.auditRecord ?? []);
    const last = named.reduce<Head>(
      (most, record) => (record.sequence > most.sequence ? record : most),
      saved,
    );
    const lost = last.sequence - saved.sequence;
    this.#take(linked({ activity: 'Open', writer, lost }, last, now()));
  }

  forget(uid: string): void {
    this.#told.delete(uid);
  }

  /** Records what a plan is about to do, once; answers the last record about the request. */
  record(seen: Observed, plan: Plan): AuditRecord | undefined {
    const { uid } = seen.request.metadata;
    const event = eventOf(seen, plan, runName(uid));
    const before = this.#told.get(uid);
    if (!event) return before?.record ?? seen.request.status.auditRecord;
    const said = canonicalJson(event);
    if (before?.said === said) return before.record;
    const record = this.#append(event);
    this.#told.set(uid, { said, record });
    return record;
  }

  #append(event: LogEvent): AuditRecord {
    if (!this.#head) throw new Error('the audit log is not open yet');
    const time = this.#ports.now();
    const next = linked(event, this.#head, time);
    this.#take(next);
    return { ...next.head, time: timeOf(time) };
  }

  #take(next: Linked): void {
    this.#ports.write(next.line);
    this.#head = next.head;
    this.#ports.ring.add(next);
  }
}
