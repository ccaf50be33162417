import type { KeyedCertificate } from './issue-certificate.ts';

/** Between two looks at certificate and trust. Somebody else may overwrite either, a `helm upgrade` for example. */
export const UPHOLD_MILLISECONDS = 60_000;
/** Before the first try anew while something is in the way; another replica that was faster, mostly. It doubles each time. */
const RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 8000;

export interface KeeperOptions {
  /** Brings everything to where it ought to be, and hands over the certificate to serve. Rejects when it could not. */
  readonly uphold: (serve: (certificate: KeyedCertificate) => void) => Promise<void>;
  readonly setCertificate: (certificate: KeyedCertificate) => void;
  readonly logger: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
  };
  readonly everyMilliseconds?: number;
}

/** Looks after the serving certificate until it is closed. */
export interface CertificateKeeper {
  /** Whether a certificate is served that the API servers were told to trust. */
  readonly ready: () => boolean;
  readonly close: () => Promise<void>;
}

/** Starts to look after certificates; does not wait for the first success. */
export function keepCertificates(options: KeeperOptions): CertificateKeeper {
  const stopped = new AbortController();
  let ready = false;
  let failures = 0;
  let served: KeyedCertificate | undefined;
  const serve = (certificate: KeyedCertificate) => {
    if (served?.cert === certificate.cert && served.key === certificate.key) return;
    options.setCertificate(certificate);
    served = certificate;
    options.logger.info({}, 'serving another certificate');
  };
  const wait = (milliseconds: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, milliseconds);
      stopped.signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
    });
  const run = async () => {
    while (!stopped.signal.aborted) {
      let pause = options.everyMilliseconds ?? UPHOLD_MILLISECONDS;
      try {
        await options.uphold(serve);
        ready = true;
        failures = 0;
      } catch (error) {
        // What was served and trusted before still is: a failed look is no reason to send the API servers away.
        options.logger.warn({ err: error }, 'certificate or trust could not be upheld; trying again');
        pause = Math.min(pause, RETRY_MILLISECONDS * 2 ** failures, LONGEST_RETRY_MILLISECONDS);
        failures += 1;
      }
      await wait(pause);
    }
  };
  const running = run();
  return {
    ready: () => ready,
    async close() {
      stopped.abort();
      await running;
    },
  };
}
