/** Lets tests wait for a state without looking at the clock: `tell` says that something has changed. */
export interface Signal {
  tell(): void;
  /** Resolves when `reached` is true: now, or after a change. */
  until(reached: () => boolean): Promise<void>;
}

export function signal(): Signal {
  const waiting = new Set<() => void>();
  return {
    tell() {
      for (const look of [...waiting]) look();
    },
    until(reached) {
      return new Promise((resolve) => {
        const look = () => {
          if (!reached()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
}
