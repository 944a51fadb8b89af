/** How long work is followed and cancelled. */
export interface JobOptions {
  /** Aborting ends the work with a `cancelled` failure; a save then leaves no file. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second; `done` and `total` are in the same unit. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** How long work in the reader thread is cancelled and reports its progress. */
export interface ReaderJob {
  readonly isCancelled: () => boolean;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}
