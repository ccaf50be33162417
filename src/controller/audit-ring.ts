import type { V1ConfigMap } from '@kubernetes/client-node';
import { GENESIS } from '../core/audit/chain.ts';
import type { Head, Linked } from '../core/audit/chain.ts';
import type { KubeClient } from '../kube/client.ts';
import { CONFIG_MAPS } from '../kube/resources.ts';
import { auditSegmentName, segmentData, segmentLines } from '../core/audit/segment.ts';
import { COMPONENT, MANAGED_BY, MANAGER } from '../objects/labels.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Bounds of one ConfigMap, far below the mebibyte that etcd takes: each save writes the whole of it. */
const SEGMENT_RECORDS = 200;
const SEGMENT_BYTES = 256 * 1024;

export interface AuditRingPorts {
  readonly client: Pick<KubeClient, 'get' | 'apply'>;
  readonly logger: Logger;
  readonly namespace: string;
  /** How many ConfigMaps there are; the oldest is overwritten. */
  readonly segments: number;
}

interface Segment {
  readonly index: number;
  readonly lines: readonly string[];
}

const bytesOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

/** The last records of the audit log, in a ring of ConfigMaps. */
export class AuditRing {
  readonly #ports: AuditRingPorts;
  #segment: Segment = { index: 0, lines: [] };
  /** Not saved yet, the oldest first. */
  #unsaved: string[] = [];
  #saving: Promise<void> | undefined;

  constructor(ports: AuditRingPorts) {
    this.#ports = ports;
  }

  /** Where an earlier process ended. */
  async load(): Promise<Head> {
    const { client, namespace, segments } = this.#ports;
    const indices = Array.from({ length: segments }, (_, index) => index);
    const found = await Promise.all(
      indices.map(async (index) => {
        const name = auditSegmentName(index);
        const map = await client.get<V1ConfigMap>(CONFIG_MAPS, { namespace, name });
        const lines = segmentLines(map);
        return { index, lines, head: headOf(lines.at(-1)) };
      }),
    );
    const newest = found.reduce((most, segment) =>
      segment.head.sequence > most.head.sequence ? segment : most,
    );
    this.#segment = { index: newest.index, lines: newest.lines };
    return newest.head;
  }

  add({ line }: Linked): void {
    this.#unsaved.push(line);
  }

  /** Saves what is not saved yet. What fails stays, and is saved with the next. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #save(): Promise<void> {
    while (this.#unsaved.length > 0) {
      const segment = this.#room();
      const taken = fitting(segment.lines, this.#unsaved);
      const lines = [...segment.lines, ...this.#unsaved.slice(0, taken)];
      try {
        await this.#write({ index: segment.index, lines });
      } catch (err) {
        this.#ports.logger.error(
          { err, records: this.#unsaved.length },
          'the audit log could not be saved; it will be tried again',
        );
        return;
      }
      this.#segment = { index: segment.index, lines };
      this.#unsaved = this.#unsaved.slice(taken);
    }
  }

  /** The segment to go on with: the last one, or an empty one in the place of the oldest. */
  #room(): Segment {
    const { index, lines } = this.#segment;
    if (fitting(lines, this.#unsaved) > 0) return this.#segment;
    return { index: (index + 1) % this.#ports.segments, lines: [] };
  }

  async #write({ index, lines }: Segment): Promise<void> {
    const { client, namespace } = this.#ports;
    const labels = { [MANAGED_BY]: MANAGER, [COMPONENT]: 'audit' };
    const map: V1ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: auditSegmentName(index), namespace, labels },
      data: segmentData(lines),
    };
    await client.apply(CONFIG_MAPS, map, { fieldManager: MANAGER, force: true });
  }
}

/** How many of the lines go into a segment beside what it has; one at least into an empty one. */
function fitting(there: readonly string[], lines: readonly string[]): number {
  let bytes = bytesOf(there);
  let count = 0;
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1;
    if (there.length + count >= SEGMENT_RECORDS || (bytes > SEGMENT_BYTES && there.length + count > 0)) break;
    count += 1;
  }
  return count;
}

function headOf(line: string | undefined): Head {
  if (line === undefined) return GENESIS;
  const { metadata, unmapped } = JSON.parse(line) as {
    readonly metadata: { readonly sequence: number };
    readonly unmapped: { readonly hash: string };
  };
  return { sequence: metadata.sequence, hash: unmapped.hash };
}
