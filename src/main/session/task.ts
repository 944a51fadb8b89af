/** How long work is followed and ended early. */
export interface TaskOptions {
  /** Aborting ends the work with a `cancelled` failure; a save then leaves no file. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most some ten times a second; `done` and `total` are in the same unit. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What long work in the reader thread is given: whether to end early, and whom to report to how far it is. */
export interface ReaderTask {
  readonly isCancelled: () => boolean;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}
