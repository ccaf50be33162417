import { describe, expect, test } from '@jest/globals';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { AuditLog } from '../../src/controller/audit-log.ts';
import { AuditRing } from '../../src/controller/audit-ring.ts';
import { verify } from '../../src/core/audit/verify.ts';
import { decide } from '../../src/core/decide.ts';
import type { Observed } from '../../src/core/observed.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { anObserved, aRequest, deniedJudgement, NOW, UID } from '../support/build.ts';

/** ConfigMaps as the API server would keep them. */
function aStore(segments = 3) {
  const maps = new Map<string, V1ConfigMap>();
  const world = { down: false, writes: 0 };
  const client = {
    get: async (_resource: unknown, { name }: { name: string }) => maps.get(name),
    apply: async (_resource: unknown, map: V1ConfigMap) => {
      if (world.down) throw new Error('down');
      world.writes += 1;
      maps.set(map.metadata?.name ?? '', structuredClone(map));
      return map;
    },
  } as never;
  const logger = createLogger({ level: 'error', name: 'test', destination: { write: () => undefined } });
  const ring = () => new AuditRing({ client, logger, namespace: 'system', segments });
  const linesOf = (name: string) =>
    (maps.get(name)?.data?.['log'] ?? '').split('\n').filter((line) => line !== '');
  return { maps, world, ring, linesOf };
}

function aWriter(ring: AuditRing) {
  const lines: string[] = [];
  const log = new AuditLog({ ring, write: (line) => void lines.push(line), writer: 'w', now: () => NOW });
  const record = (given: Partial<Observed> = {}) => {
    const seen = anObserved(given);
    return log.record(seen, decide(seen, NOW));
  };
  return { log, lines, record };
}
const requestNumber = (number: number) =>
  aRequest({ metadata: { name: `r${number}`, uid: `${UID}${number}` } });

describe('the audit log', () => {
  test('records each event once, tells where, and forgets what is over', async () => {
    const { ring } = aStore();
    const { log, lines, record } = aWriter(ring());
    await log.open([]);
    const first = record({ judgement: deniedJudgement() });
    expect([first?.sequence, record({ judgement: deniedJudgement() })]).toEqual([2, first]);
    log.forget(UID);
    expect(record({ judgement: deniedJudgement() })?.sequence).toBe(3);
    expect(lines).toHaveLength(3);
    expect(verify(lines, [], NOW).problems).toEqual([]);
  });

  test('records nothing before it knows where the chain ended', () => {
    const { record } = aWriter(aStore().ring());
    expect(() => record()).toThrow('not open');
  });

  test('does not count as recorded what could not be written', async () => {
    const world = { full: false };
    const lines: string[] = [];
    const write = (line: string) => {
      if (world.full) throw new Error('EAGAIN');
      lines.push(line);
    };
    const log = new AuditLog({ ring: aStore().ring(), write, writer: 'w', now: () => NOW });
    await log.open([]);
    world.full = true;
    const seen = anObserved();
    expect(() => log.record(seen, decide(seen, NOW))).toThrow('EAGAIN');
    world.full = false;
    expect(log.record(seen, decide(seen, NOW))?.sequence).toBe(2);
    expect(verify(lines, [], NOW).problems).toEqual([]);
  });

  test('goes on where the ring ended', async () => {
    const store = aStore();
    const ring = store.ring();
    const one = aWriter(ring);
    await one.log.open([]);
    one.record();
    await ring.save();
    const next = store.ring();
    const two = aWriter(next);
    await two.log.open([]);
    await next.save();
    expect(verify(store.linesOf('sekisho-audit-00'), [], NOW)).toMatchObject({
      records: 3,
      problems: [],
      lost: 0,
    });
  });

  test('goes on after what statuses name though it was never saved, and says how much is lost', async () => {
    const store = aStore();
    const ring = store.ring();
    const one = aWriter(ring);
    await one.log.open([]);
    await ring.save();
    const named = [1, 2].map((number) => one.record({ request: requestNumber(number) }));
    const requests = named.map((auditRecord) => aRequest({ status: { auditRecord: auditRecord as never } }));
    const next = store.ring();
    const two = aWriter(next);
    await two.log.open(requests);
    await next.save();
    const anchors = named.map((record) => ({ request: 'r', sequence: 0, hash: '', ...record, time: NOW }));
    expect(verify(store.linesOf('sekisho-audit-00'), anchors, NOW + 100_000)).toMatchObject({
      problems: [],
      lost: 2,
    });
    // With the log of the process that ended nothing is lost.
    expect(verify([...one.lines, ...two.lines], anchors, NOW)).toMatchObject({
      records: 4,
      problems: [],
      lost: 0,
    });
  });
});

describe('the ring', () => {
  test('keeps what could not be saved, and saves it with the next', async () => {
    const store = aStore();
    const ring = store.ring();
    const { log, record } = aWriter(ring);
    await log.open([]);
    store.world.down = true;
    await ring.save();
    record();
    store.world.down = false;
    await Promise.all([ring.save(), ring.save()]);
    expect([store.linesOf('sekisho-audit-00').length, store.world.writes]).toEqual([2, 1]);
    await ring.save();
    expect(store.world.writes).toBe(1);
  });

  test('fills one segment after the other, and overwrites the oldest', async () => {
    const store = aStore(3);
    const ring = store.ring();
    const { log, record } = aWriter(ring);
    await log.open([]);
    for (let number = 1; number < 700; number += 1) record({ request: requestNumber(number) });
    await ring.save();
    const lengths = ['00', '01', '02'].map((index) => store.linesOf(`sekisho-audit-${index}`).length);
    expect(lengths.every((length) => length <= 200)).toBe(true);
    for (const map of store.maps.values())
      expect(Buffer.byteLength(map.data?.['log'] ?? '')).toBeLessThanOrEqual(262_144);
    const all = ['00', '01', '02']
      .map((index) => store.linesOf(`sekisho-audit-${index}`))
      .toSorted((a, b) => JSON.parse(a[0] ?? '').metadata.sequence - JSON.parse(b[0] ?? '').metadata.sequence)
      .flat();
    expect(verify(all, [], NOW)).toMatchObject({ last: 700, problems: [] });
    expect(await store.ring().load()).toMatchObject({ sequence: 700 });
  });
});
