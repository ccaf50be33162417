import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { upholdCertificates } from '../../src/webhook/certificates.ts';
import { certificatesOf } from '../../src/webhook/certificate-stores.ts';
import { issueAuthority, issueServing } from '../../src/webhook/issue-certificate.ts';
import type { KeyedCertificate } from '../../src/webhook/issue-certificate.ts';
import { OVERLAP_MILLISECONDS, SETTLE_MILLISECONDS } from '../../src/webhook/rotation.ts';
import { memorySecret, memoryTrust } from './support.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.parse('2026-11-23T00:00:00Z');
const NAMES = ['w.n.svc', 'w.n.svc.cluster.local'];
const pems = (bundle: string) => bundle.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? [];

/** A replica of the webhook with a clock of its own, beside the shared Secret and configuration. */
function replica(
  secret: ReturnType<typeof memorySecret>,
  trust: ReturnType<typeof memoryTrust>,
  names = NAMES,
) {
  const state = { now: START, served: undefined as KeyedCertificate | undefined, store: secret.store() };
  const tick = (now: number = state.now) => {
    state.now = now;
    return upholdCertificates({
      store: state.store,
      trust: trust.trust,
      names,
      now: () => now,
      serve: (certificate) => void (state.served = certificate),
      logger: { info: () => undefined },
    });
  };
  return { state, tick };
}

/** What an API server checks: chain, time, name. */
function accepted(served: KeyedCertificate | undefined, bundle: string, now: number): boolean {
  if (!served) return false;
  const certificate = new X509Certificate(served.cert);
  const inTime = (one: X509Certificate) =>
    one.validFromDate.getTime() <= now && now < one.validToDate.getTime();
  const signer = pems(bundle)
    .map((pem) => new X509Certificate(pem))
    .find((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey));
  return (
    signer !== undefined &&
    inTime(signer) &&
    inTime(certificate) &&
    certificate.checkHost('w.n.svc') === 'w.n.svc'
  );
}

test('into an empty Secret come an authority and a certificate, both as the API server wants them', async () => {
  const [secret, trust] = [memorySecret(), memoryTrust()];
  const one = replica(secret, trust);
  await one.tick();
  expect(accepted(one.state.served, trust.bundles()[0] ?? '', START)).toBe(true);
  const held = certificatesOf(secret.data());
  const authority = new X509Certificate(held?.authority.cert ?? '');
  const serving = new X509Certificate(held?.serving.cert ?? '');
  expect(authority.ca).toBe(true);
  expect(serving.ca).toBe(false);
  expect(serving.subjectAltName).toBe('DNS:w.n.svc, DNS:w.n.svc.cluster.local');
  expect((authority.validToDate.getTime() - START) / DAY).toBeCloseTo(3650);
  expect((serving.validToDate.getTime() - START) / DAY).toBeCloseTo(90);
  expect(authority.validFromDate.getTime()).toBeLessThan(START);
  for (const certificate of [authority, serving]) {
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(certificate.signatureAlgorithm).toBe('ecdsa-with-SHA256');
  }
});

test('each authority has a name of its own', async () => {
  const [one, other] = await Promise.all([issueAuthority(START), issueAuthority(START)]);
  expect(new X509Certificate(one.cert).subject).not.toBe(new X509Certificate(other.cert).subject);
});

test('what is in order is not written again', async () => {
  const [secret, trust] = [memorySecret(), memoryTrust()];
  const one = replica(secret, trust);
  await one.tick();
  const before = [secret.versions(), trust.versions()];
  for (let minute = 1; minute <= 60; minute += 1) await one.tick(START + minute * MINUTE);
  expect([secret.versions(), trust.versions()]).toEqual(before);
});

test('the serving certificate is renewed after two thirds of its life, by the same authority', async () => {
  const [secret, trust] = [memorySecret(), memoryTrust()];
  const one = replica(secret, trust);
  await one.tick();
  const [first, bundle] = [one.state.served?.cert, trust.bundles()[0]];
  await one.tick(START + 59 * DAY);
  expect(one.state.served?.cert).toBe(first);
  await one.tick(START + 61 * DAY);
  expect(one.state.served?.cert).not.toBe(first);
  expect(trust.bundles()[0]).toBe(bundle);
});

test('over twenty-one years, two replicas with unlike clocks: no API server ever meets what it does not trust', async () => {
  const [secret, trust] = [memorySecret(), memoryTrust(2)];
  const [one, other] = [replica(secret, trust), replica(secret, trust)];
  const authorities = new Set<string>();
  let refused = 0;
  let widest = 0;
  for (let now = START; now < START + 21 * 365 * DAY;) {
    await one.tick(now);
    // The API servers learn of a configuration late: what was trusted a while ago must serve, too.
    const seenByApiServer = trust.bundles()[0] ?? '';
    await other.tick(now + 20_000);
    for (const { state } of [one, other])
      if (!accepted(state.served, seenByApiServer, now + 20_000)) refused += 1;
    const held = certificatesOf(secret.data());
    authorities.add(held?.authority.cert ?? '');
    widest = Math.max(widest, pems(trust.bundles()[0] ?? '').length);
    // Small steps while authorities change, large ones in between.
    now += held?.next || held?.previous ? SETTLE_MILLISECONDS / 2 : 10 * DAY;
  }
  expect(refused).toBe(0);
  expect(authorities.size).toBeGreaterThanOrEqual(4);
  expect(widest).toBe(2);
}, 60_000);

describe('a new authority', () => {
  const due = START + 2434 * DAY;

  test('signs nothing before it is trusted, and not at once then', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    const one = replica(secret, trust);
    await one.tick();
    const old = pems(trust.bundles()[0] ?? '')[0];
    await one.tick(due);
    expect(pems(trust.bundles()[0] ?? '')).toHaveLength(2);
    const signedBy = () => certificatesOf(secret.data())?.authority.cert.trim();
    expect(signedBy()).toBe(old);
    await one.tick(due + SETTLE_MILLISECONDS - MINUTE);
    expect(signedBy()).toBe(old);
    // Somebody takes the trust away at the last moment: it is put back first, and used no earlier than at the next look.
    trust.overwrite('');
    await one.tick(due + SETTLE_MILLISECONDS + MINUTE);
    expect(signedBy()).toBe(old);
    await one.tick(due + SETTLE_MILLISECONDS + 2 * MINUTE);
    expect(signedBy()).not.toBe(old);
    expect(accepted(one.state.served, trust.bundles()[0] ?? '', one.state.now)).toBe(true);
    expect(pems(trust.bundles()[0] ?? '')).toContain(old);
    await one.tick(due + SETTLE_MILLISECONDS + 3 * MINUTE + OVERLAP_MILLISECONDS);
    expect(pems(trust.bundles()[0] ?? '')).not.toContain(old);
  });

  test('waits for every webhook of the configuration', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    await replica(secret, trust).tick();
    await replica(secret, trust).tick(due);
    const both = trust.bundles()[0] ?? '';
    const before = certificatesOf(secret.data())?.authority.cert;
    const half = {
      ...trust.trust,
      read: () =>
        Promise.resolve({ version: String(trust.versions()), bundles: [both, pems(both)[0] ?? ''] }),
    };
    const one = replica(secret, { ...trust, trust: half });
    await one.tick(due + 2 * SETTLE_MILLISECONDS);
    expect(certificatesOf(secret.data())?.authority.cert).toBe(before);
  });
});

describe('what other parties do to it', () => {
  test('an overwritten caBundle is back after the next look', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    const one = replica(secret, trust);
    await one.tick();
    const right = trust.bundles();
    trust.overwrite('-----BEGIN CERTIFICATE-----\nforeign\n-----END CERTIFICATE-----\n');
    await one.tick(START + MINUTE);
    expect(trust.bundles()).toEqual(right);
  });

  test('an emptied Secret is filled again, and both replicas serve what it holds', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    const [one, other] = [replica(secret, trust), replica(secret, trust)];
    await one.tick();
    await other.tick();
    secret.empty();
    await one.tick(START + MINUTE);
    await other.tick(START + MINUTE);
    expect(one.state.served).toEqual(other.state.served);
    expect(accepted(other.state.served, trust.bundles()[0] ?? '', START + MINUTE)).toBe(true);
  });

  test('another Service name, a foreign key, garbage: a new certificate by the same authority', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    await replica(secret, trust).tick();
    const bundle = trust.bundles()[0];
    const renamed = replica(secret, trust, ['other.n.svc']);
    await renamed.tick();
    expect(new X509Certificate(renamed.state.served?.cert ?? '').subjectAltName).toBe('DNS:other.n.svc');
    const foreign = await issueAuthority(START);
    const alien = await issueServing(foreign, NAMES, START);
    for (const serving of [alien, { cert: 'x', key: 'y' }, { cert: alien.cert, key: foreign.key }]) {
      const store = secret.store();
      const { version, certificates } = await store.read();
      if (certificates) await store.write(version, { ...certificates, serving });
      const one = replica(secret, trust);
      await one.tick();
      expect(accepted(one.state.served, bundle ?? '', START)).toBe(true);
    }
  });

  test('garbage in place of the authority: all anew', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    const one = replica(secret, trust);
    await one.tick();
    const store = secret.store();
    const { version, certificates } = await store.read();
    if (certificates) await store.write(version, { ...certificates, authority: { cert: 'x', key: 'y' } });
    await one.tick(START + MINUTE);
    expect(accepted(one.state.served, trust.bundles()[0] ?? '', START + MINUTE)).toBe(true);
  });
});

describe('two replicas that start at the same time', () => {
  test('end with one authority: who loses the race takes what the winner wrote', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    let reads = 0;
    const gate = Promise.withResolvers<void>();
    // Both have read the empty Secret before either writes.
    const together = () => {
      const store = secret.store();
      return {
        ...store,
        async read() {
          const found = await store.read();
          reads += 1;
          if (reads === 2) gate.resolve();
          await gate.promise;
          return found;
        },
      };
    };
    const [one, other] = [replica(secret, trust), replica(secret, trust)];
    one.state.store = together();
    other.state.store = together();
    const results = await Promise.allSettled([one.tick(), other.tick()]);
    // Whoever loses the race for the configuration looks again two seconds later.
    for (const [index, { status }] of results.entries())
      if (status === 'rejected') await (index === 0 ? one : other).tick();
    expect(secret.versions()).toBe(2);
    expect(one.state.served).toEqual(other.state.served);
    expect(accepted(one.state.served, trust.bundles()[0] ?? '', START)).toBe(true);
  });

  test('nothing is served when trust for it could not be written', async () => {
    const [secret, trust] = [memorySecret(), memoryTrust()];
    const one = replica(secret, {
      ...trust,
      trust: { ...trust.trust, write: () => Promise.reject(new Error('no')) },
    });
    await expect(one.tick()).rejects.toThrow('no');
    expect(one.state.served).toBeUndefined();
  });
});
