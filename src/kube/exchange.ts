import type { Dispatcher } from 'undici';
import { KubeError } from './errors.ts';
import type { Answer } from './transport.ts';

type Headers = Answer['headers'];

export interface ExchangeOptions {
  /** For messages: method and path. */
  readonly what: string;
  readonly timeoutMilliseconds?: number | undefined;
  readonly maxBytes: number;
  /** Asked when the first byte is about to be written; false ends the exchange before anything was sent. */
  readonly mayStart?: (() => boolean) | undefined;
  /** Set when the body of a success is to be handed on, not kept. */
  readonly stream?: { readonly onOpen: () => void; readonly onData: (chunk: Buffer) => void } | undefined;
}

/** One request and its answer, as a handler of undici: bounded in time and size from the moment it is made. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly done: Promise<Answer>;
  readonly #options: ExchangeOptions;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (fault: Error) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: Headers = {};
  #streaming = false;
  #bytes = 0;
  #chunks: Buffer[] = [];

  constructor(options: ExchangeOptions) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.done = promise;
    // A fault before anybody awaits (the credentials are still being read) is not an unhandled one.
    promise.catch(() => {});
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    const limit = options.timeoutMilliseconds;
    if (limit !== undefined) this.#timer = setTimeout(() => this.#timeOut(limit), limit);
  }

  /** Ends the exchange with a fault; the connection is cut, since the rest of the answer would follow on it. */
  fail(fault: Error): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(fault);
    this.#controller?.abort(fault);
  }

  /** Ends the exchange because nobody wants it any more. */
  stop(): void {
    this.fail(new KubeError('Retry', `${this.#options.what}: stopped`, { reason: 'Aborted' }));
  }

  /** Ends an exchange that never began. */
  abandon(): void {
    this.#settle();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('the call ended before it began'));
    else if (this.#options.mayStart?.() === false)
      this.fail(
        new KubeError('Retry', `${this.#options.what}: not sent, this process does not lead any more`, {
          reason: 'NotLeading',
        }),
      );
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#streaming = status === 200 && this.#options.stream !== undefined;
    if (this.#streaming) this.#options.stream?.onOpen();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    if (this.#streaming) {
      this.#options.stream?.onData(chunk);
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxBytes) {
      const message = `${this.#options.what}: the answer is longer than ${this.#options.maxBytes} bytes`;
      this.fail(new KubeError('Terminal', message, { status: this.#status, reason: 'AnswerTooLong' }));
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, fault: Error): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(fault);
  }

  #timeOut(limit: number): void {
    this.fail(
      new KubeError('Retry', `${this.#options.what}: no answer within ${limit} ms`, { reason: 'TimedOut' }),
    );
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
  }
}
