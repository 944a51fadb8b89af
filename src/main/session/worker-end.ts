/** Why a worker ended. */
export interface WorkerEnd {
  /** What the system or Node said. */
  readonly system: string;
  /** Set where no descriptor was left for the worker: its own limit, or the system's. */
  readonly code?: 'EMFILE' | 'ENFILE' | undefined;
}

/**
 * Returns why a worker ended, from the error of its event `error`. Where no descriptor is left for a worker's event loop or for one of its
 * modules, Node gives the system's error only as text: “Worker initialization failure: EMFILE”, “Cannot read x: too many open files”.
 */
export function workerEnd(error: unknown): WorkerEnd {
  const system = error instanceof Error ? error.message : String(error);
  return { system, code: descriptorCode(error) ?? descriptorCodeIn(system) };
}

function descriptorCode(error: unknown): WorkerEnd['code'] {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EMFILE' || code === 'ENFILE' ? code : undefined;
}

function descriptorCodeIn(text: string): WorkerEnd['code'] {
  if (/\bENFILE\b/.test(text)) return 'ENFILE';
  return /\bEMFILE\b|too many open files/i.test(text) ? 'EMFILE' : undefined;
}
