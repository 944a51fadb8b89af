import type { Address } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';
import type { Diagnosis, Trouble } from './doctor/diagnosis.ts';
import { type FileOf, withPaths } from './drivers/file-driver.ts';
import { failureOf } from './failures.ts';

interface DoctorOptions {
  /** Finds the TLS files that configurations name; without it, they name paths. */
  readonly fileOf: FileOf | undefined;
  /** Returns the transport of the server of this program that listens at an address, if there is one. */
  readonly ownServer: (address: Address) => Transport | undefined;
}

/** Runs the doctor on a failure. The doctor is loaded when it is first needed; never throws. */
export async function diagnoseTrouble(trouble: Trouble, { fileOf, ownServer }: DoctorOptions): Promise<Diagnosis> {
  // Without a free descriptor it cannot be loaded.
  const doctor = await import('./doctor/diagnose.ts').catch(() => undefined);
  if (doctor) return doctor.diagnoseHere(fileOf ? foundFiles(trouble, fileOf) : trouble, ownServer);
  const { code, hint } = failureOf('', trouble.failure);
  return { code, hint, checks: [] };
}

/** Returns `trouble` with the paths of the files that its configuration names, where all of them are found. */
function foundFiles(trouble: Trouble, fileOf: FileOf): Trouble {
  if (trouble.role === 'server') {
    const found = withPaths(trouble.config, fileOf);
    return found.ok ? { ...trouble, config: found.value } : trouble;
  }
  const found = withPaths(trouble.config, fileOf);
  return found.ok ? { ...trouble, config: found.value } : trouble;
}
