import { Worker } from 'node:worker_threads';
import type { AnalysisOptions, Source } from '../core/analysis/engine.ts';
import { reportOfFailure } from '../core/analysis/failure.ts';
import type { Failure } from '../core/analysis/failure.ts';
import type { Report } from '../core/analysis/report.ts';
import { isReply } from './messages.ts';
import type { Order } from './messages.ts';

/** Judges programs without blocking its caller, whatever the programs do to the analysis. */
export interface Analyser {
  /**
   * Never rejects while the analyser is open: what cannot be judged is answered by a report that says so. Rejects with AnalyserClosed
   * when the analyser is closed first: that says nothing about the program, and must not deny it.
   */
  analyse(source: Source, options?: AnalysisOptions): Promise<Report>;
  /** Ends the workers, and rejects the work that is not done. */
  close(): Promise<void>;
}

export interface AnalyserOptions {
  /** The worker's module: entry.ts beside this file, or what it was bundled to. */
  readonly entry: URL | string;
  /** From the start of the work itself, not from queueing or the worker's start. */
  readonly deadlineMilliseconds?: number;
  readonly heapMegabytes?: number;
  readonly workers?: number;
  /** After so long without work a worker is ended, to give its memory back. */
  readonly idleMilliseconds?: number;
}

/** The analyser was closed before it could judge the program. */
export class AnalyserClosed extends Error {
  constructor() {
    super('the analyser is closed');
  }
}

interface Job {
  readonly order: Order;
  readonly answer: (report: Report) => void;
  readonly reject: (reason: AnalyserClosed) => void;
  /** Workers that failed before they began with it: not the program's fault. */
  attempts: number;
  /** Whether the worker has begun with it. */
  started: boolean;
}

/** A worker may take long to start on a busy machine; past this it is given up. */
const START_MILLISECONDS = 30_000;
const MAXIMUM_ATTEMPTS = 2;

const isOutOfMemory = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY';

/** One place for a worker: starts one when there is work, replaces it when it dies, ends it when there is nothing to do. */
class Desk {
  private worker: Worker | undefined;
  private job: Job | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly options: Required<AnalyserOptions>;
  private readonly finished: () => void;

  constructor(options: Required<AnalyserOptions>, finished: () => void) {
    this.options = options;
    this.finished = finished;
  }

  get free(): boolean {
    return this.job === undefined;
  }

  take(job: Job): void {
    this.job = job;
    this.arm(START_MILLISECONDS, () => this.fail('deadline'));
    try {
      this.worker ??= this.start();
      this.worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      this.worker.postMessage(job.order);
    } catch {
      this.fail('crash');
    }
  }

  async close(): Promise<void> {
    const { worker, job } = this;
    this.worker = undefined;
    this.job = undefined;
    clearTimeout(this.timer);
    job?.reject(new AnalyserClosed());
    await worker?.terminate();
  }

  private start(): Worker {
    const { entry, heapMegabytes } = this.options;
    const worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      env: {},
      stdin: false,
    });
    const lost = (failure: Failure): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.fail(failure);
    };
    worker.on('message', (message: unknown) => {
      if (this.worker === worker) this.hear(message);
    });
    worker.on('error', (error: unknown) => lost(isOutOfMemory(error) ? 'memory' : 'crash'));
    worker.on('exit', () => lost('crash'));
    return worker;
  }

  private hear(message: unknown): void {
    if (!this.job || !isReply(message) || message.id !== this.job.order.id) return;
    if (message.kind === 'done') {
      this.finish(message.report);
      return;
    }
    this.job.started = true;
    this.arm(this.options.deadlineMilliseconds, () => this.fail('deadline'));
  }

  private arm(milliseconds: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, milliseconds);
  }

  /** Ends the worker, since nobody knows what state it is in, and answers for it. */
  private fail(failure: Failure): void {
    const { worker, job } = this;
    this.worker = undefined;
    void worker?.terminate();
    clearTimeout(this.timer);
    if (!job) return;
    job.attempts += 1;
    if (!job.started && job.attempts < MAXIMUM_ATTEMPTS) this.take(job);
    else this.finish(reportOfFailure(job.order.source, failure));
  }

  private finish(report: Report): void {
    const { job } = this;
    this.job = undefined;
    clearTimeout(this.timer);
    this.worker?.unref();
    if (this.worker) {
      this.arm(this.options.idleMilliseconds, () => this.fail('crash'));
      this.timer?.unref();
    }
    job?.answer(report);
    this.finished();
  }
}

export function createAnalyser(options: AnalyserOptions): Analyser {
  const settings = {
    deadlineMilliseconds: 1000,
    heapMegabytes: 128,
    workers: 1,
    idleMilliseconds: 30_000,
    ...options,
  };
  const waiting: Job[] = [];
  let lastId = 0;
  let closed = false;
  const next = (): void => {
    for (const desk of desks) {
      if (!desk.free) continue;
      const job = waiting.shift();
      if (!job) return;
      desk.take(job);
    }
  };
  const desks = Array.from({ length: Math.max(1, settings.workers) }, () => new Desk(settings, next));
  return {
    analyse(source, analysisOptions = {}) {
      if (closed) return Promise.reject(new AnalyserClosed());
      lastId += 1;
      const order: Order = { id: lastId, source, options: analysisOptions };
      return new Promise((answer, reject) => {
        waiting.push({ order, answer, reject, attempts: 0, started: false });
        next();
      });
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new AnalyserClosed());
      await Promise.all(desks.map((desk) => desk.close()));
    },
  };
}
