/** Lets calls wait for news of pods. */
export interface PodArrivals {
  /** Something about a pod has changed. */
  readonly told: () => void;
  /** Resolves at the next news, at the latest after so many milliseconds. */
  readonly next: (milliseconds: number) => Promise<void>;
}

export function podArrivals(): PodArrivals {
  const waiting = new Set<() => void>();
  return {
    told: () => waiting.forEach((wake) => wake()),
    next: (milliseconds) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        waiting.add(wake);
      }),
  };
}
