/** What a process of the bench tells its parent about itself, when asked. */
export interface Usage {
  /** Microseconds of CPU since it began. */
  readonly cpu: number;
  readonly rss: number;
}

/** Tells the parent the port(s), then usage each time it asks. */
export function report(ports: readonly number[]): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system, rss: process.memoryUsage.rss() } satisfies Usage);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(ports);
}
