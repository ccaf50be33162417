import type { SandboxClass } from '../api/parse.ts';
import type { Isolation, IsolationFault, IsolationProblem, ProvenShape } from '../core/observed.ts';
import type { PodSeen } from '../core/run/seen.ts';
import { shapeKey } from '../objects/probe-job.ts';

/** Exit codes of `sekisho probe`. */
export const PROBE_CLOSED = 0;
export const PROBE_REACHED = 10;

/** Milliseconds that the probe of an optional user namespace may take before its class does without. */
const OPTIONAL_MILLISECONDS = 30_000;
/** Milliseconds that any probe may take. Past that its Job counts as lost. */
const LOST_MILLISECONDS = 180_000;
/** Milliseconds before a failed probe is tried again: doubled from the first to the last. */
const RETRY_MILLISECONDS = { first: 2000, last: 60_000 } as const;
/** A proof is renewed when this part of its life is over, so that no request waits for it. */
const RENEW_AT = 0.8;

export interface RunningProbe {
  readonly name: string;
  readonly since: number;
}

interface Proof {
  shape: ProvenShape;
  /** When it was last wanted. */
  wantedAt: number;
  provenAt: number | undefined;
  problem: { readonly reason: IsolationProblem; readonly message: string } | undefined;
  failures: number;
  nextAt: number;
  running: RunningProbe | undefined;
}

export interface IsolationPorts {
  /** Creates the Job of a probe and answers its name. */
  readonly startProbe: (shape: ProvenShape) => Promise<string>;
  readonly podOfProbe: (jobName: string) => PodSeen | undefined;
  /** What is wrong beside the network itself: NetworkPolicies, admission configuration. */
  readonly fault: () => IsolationFault | undefined;
  readonly now: () => number;
  /** Called when an answer may have changed. */
  readonly changed: () => void;
}

/** The shapes that would do for a class, the best first. */
function candidates({ spec }: SandboxClass): readonly ProvenShape[] {
  const shape = (userNamespace: boolean): ProvenShape => ({
    runtimeClassName: spec.runtimeClassName,
    userNamespace,
  });
  if (spec.userNamespaces === 'Disabled') return [shape(false)];
  return spec.userNamespaces === 'Required' ? [shape(true)] : [shape(true), shape(false)];
}

/**
 * Keeps, for each shape of sandbox in use, the proof that its network is closed: a probe in the same locked pod that tries to
 * reach what is known to listen. A proof lasts `proofSeconds`; a probe that gets through ends it at once.
 */
export class IsolationKeeper {
  readonly #ports: IsolationPorts;
  readonly #proofMilliseconds: number;
  readonly #proofs = new Map<string, Proof>();

  constructor(ports: IsolationPorts, proofSeconds: number) {
    this.#ports = ports;
    this.#proofMilliseconds = proofSeconds * 1000;
  }

  /** What may be relied on for a class right now. Asking keeps its proof alive. */
  of(sandboxClass: SandboxClass): Isolation {
    const fault = this.#ports.fault();
    const proofs = candidates(sandboxClass).map((shape) => this.#want(shape));
    if (fault) return { proven: false, ...fault };
    const now = this.#ports.now();
    for (const proof of proofs) {
      if (this.#isProven(proof, now)) return { proven: true, shape: proof.shape };
      const optional = proof !== proofs.at(-1);
      if (!optional || !this.#isUnavailable(proof)) return { proven: false, ...this.#problemOf(proof) };
    }
    return { proven: false, reason: 'ProbePending', message: '' };
  }

  /** The newest answer for each shape in use, for the metric. */
  isProven(): boolean {
    const now = this.#ports.now();
    return (
      this.#ports.fault() === undefined &&
      [...this.#proofs.values()].some((proof) => this.#isProven(proof, now))
    );
  }

  /** Starts, reads and ends probes as needed. Called every second and whenever a probe's pod changes. */
  async tick(): Promise<void> {
    const now = this.#ports.now();
    for (const proof of this.#proofs.values()) {
      if (proof.running) this.#read(proof, proof.running, now);
      if (!proof.running && this.#isDue(proof, now)) await this.#start(proof, now);
    }
  }

  #want(shape: ProvenShape): Proof {
    const key = shapeKey(shape);
    const now = this.#ports.now();
    const known = this.#proofs.get(key);
    if (known) {
      known.wantedAt = now;
      return known;
    }
    const proof: Proof = {
      shape,
      wantedAt: now,
      provenAt: undefined,
      problem: undefined,
      failures: 0,
      nextAt: 0,
      running: undefined,
    };
    this.#proofs.set(key, proof);
    return proof;
  }

  #isProven(proof: Proof, now: number): boolean {
    return proof.provenAt !== undefined && now - proof.provenAt < this.#proofMilliseconds;
  }

  #isUnavailable(proof: Proof): boolean {
    return proof.problem?.reason === 'IsolationUnavailable';
  }

  #problemOf(proof: Proof): { readonly reason: IsolationProblem; readonly message: string } {
    return proof.problem ?? { reason: 'ProbePending', message: 'It usually takes a few seconds.' };
  }

  #isDue(proof: Proof, now: number): boolean {
    // A proof that nobody asks for is let go; the next request has it made anew.
    if (now - proof.wantedAt > this.#proofMilliseconds) return false;
    if (proof.provenAt !== undefined && now - proof.provenAt < this.#proofMilliseconds * RENEW_AT)
      return false;
    return now >= proof.nextAt;
  }

  async #start(proof: Proof, now: number): Promise<void> {
    // Claimed before the call, so that a second tick does not start a second probe.
    proof.running = { name: '', since: now };
    try {
      proof.running = { name: await this.#ports.startProbe(proof.shape), since: now };
    } catch (error) {
      this.#fail(
        proof,
        now,
        'IsolationUnavailable',
        `The probe could not be created: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #read(proof: Proof, { name, since }: RunningProbe, now: number): void {
    const pod = name === '' ? undefined : this.#ports.podOfProbe(name);
    const ended = pod?.terminated;
    if (ended) {
      this.#settle(proof, now, ended.exitCode, ended.message ?? '');
      return;
    }
    const limit =
      proof.shape.userNamespace && proof.provenAt === undefined ? OPTIONAL_MILLISECONDS : LOST_MILLISECONDS;
    if (now - since > limit || pod?.phase === 'Failed') {
      const waiting = pod?.waiting
        ? `${pod.waiting.reason}: ${pod.waiting.message}`
        : (pod?.message ?? 'its pod did not start');
      this.#fail(proof, now, 'IsolationUnavailable', `The probe did not run (${waiting}).`);
    }
  }

  #settle(proof: Proof, now: number, exitCode: number, message: string): void {
    if (exitCode === PROBE_REACHED) return this.#fail(proof, now, 'NetworkOpen', message);
    if (exitCode !== PROBE_CLOSED)
      return this.#fail(
        proof,
        now,
        'IsolationUnavailable',
        `The probe ended with exit code ${exitCode}. ${message}`,
      );
    proof.running = undefined;
    proof.provenAt = now;
    proof.problem = undefined;
    proof.failures = 0;
    this.#ports.changed();
  }

  #fail(proof: Proof, now: number, reason: IsolationProblem, message: string): void {
    proof.running = undefined;
    proof.provenAt = undefined;
    proof.problem = { reason, message };
    proof.nextAt =
      now + Math.min(RETRY_MILLISECONDS.last, RETRY_MILLISECONDS.first * 2 ** Math.min(proof.failures, 10));
    proof.failures += 1;
    this.#ports.changed();
  }
}
