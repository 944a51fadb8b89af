import { lookUpErrno } from '#shared/socket/errno.ts';
import { cases } from './cases.ts';
import type { Diagnosis, Finding, Trouble } from './diagnosis.ts';
import { Examination, within } from './examination.ts';
import { type DoctorSystem, thisSystem } from './system.ts';
import { quoted } from './words.ts';

/** The time limit of a diagnosis. Milliseconds. */
const deadlineMs = 1_500;

/**
 * Looks for the reason why an endpoint could not be opened, for a maximum of 1.5 s. Changes nothing, and sends only to the
 * host that the user named, to this machine and to its name server; it does not connect to servers of this program. Returns
 * the cause, where it is found, and the next step; never throws. `system` is the machine to examine. `patience` multiplies
 * every time limit, for a slow machine.
 */
export async function diagnose(trouble: Trouble, system: DoctorSystem = thisSystem, patience = 1): Promise<Diagnosis> {
  const examination = new Examination(trouble, system, patience);
  const finding = await within(deadlineMs * patience, undefined, () => examine(examination));
  const known = lookUpErrno(trouble.failure.errno);
  const { certificate } = trouble.failure;
  return {
    code: finding?.code ?? known.code,
    hint: finding?.hint ?? known.hint,
    // A copy: a check that ends after the time limit must not change the diagnosis.
    checks: [...examination.checks],
    ...(finding?.freePort === undefined ? {} : { freePort: finding.freePort }),
    ...(certificate === undefined
      ? {}
      : {
          certificate: {
            subject: quoted(certificate.subject, 300),
            issuer: quoted(certificate.issuer, 300),
            fingerprint: certificate.fingerprint,
          },
        }),
  };
}

/** Runs `diagnose` on this machine; `ownServer` finds the servers of this program. */
export function diagnoseHere(trouble: Trouble, ownServer: DoctorSystem['ownServer']): Promise<Diagnosis> {
  return diagnose(trouble, { ...thisSystem, ownServer });
}

async function examine(examination: Examination): Promise<Finding | undefined> {
  for (const one of cases) {
    if (!one.fits(examination)) continue;
    const finding = await one.examine(examination);
    if (finding) return finding;
  }
  return undefined;
}
