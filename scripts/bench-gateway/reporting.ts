/** What a process of the bench tells its parent about itself, when asked. */
export interface Usage {
  /** Microseconds of CPU since it began. */
  readonly cpu: number;
  readonly rss: number;
  /**
   * Microseconds of CPU of the longest turn of its event loop since it was last asked: what has come meanwhile was held up so long. Other
   * than the time that a call takes it does not depend on what else the machine does.
   */
  readonly longestTurn: number;
}

const SAMPLE_MILLISECONDS = 2;

const ownTime = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** A timer that is due soon comes as late as the turn takes that it waits for. */
function watchTurns(): () => number {
  let longest = 0;
  let before = ownTime();
  setInterval(() => {
    const now = ownTime();
    longest = Math.max(longest, now - before);
    before = now;
  }, SAMPLE_MILLISECONDS).unref();
  return () => {
    const told = longest;
    longest = 0;
    return told;
  };
}

/** Tells the parent the port(s), then usage each time it asks. */
export function report(ports: readonly number[]): void {
  const longestTurn = watchTurns();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const usage: Usage = {
      cpu: user + system,
      rss: process.memoryUsage.rss(),
      longestTurn: longestTurn(),
    };
    process.send?.(usage);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(ports);
}
