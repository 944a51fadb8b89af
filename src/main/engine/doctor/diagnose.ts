import { lookUpErrno } from '#shared/socket/errno.ts';
import { cases } from './cases.ts';
import type { Diagnosis, Finding, Trouble } from './diagnosis.ts';
import { Examination, within } from './examination.ts';
import { type DoctorSystem, thisSystem } from './system.ts';
import { quoted } from './words.ts';

/** How long the doctor may look, whatever its checks are waiting for. */
const deadlineMs = 1_500;

/**
 * Looks for the cause of an endpoint that could not be opened, as a person would: at most for 1.5 s, without changing
 * anything, and without sending anything but to the host the user named, to this machine, and to its name server; it does
 * not connect to servers of this program. Says the cause, as far as it is found, and the next step; never throws. `system`
 * is what is looked at: this machine. `patience` multiplies every time limit, for a machine that is slow.
 */
export async function diagnose(trouble: Trouble, system: DoctorSystem = thisSystem, patience = 1): Promise<Diagnosis> {
  const examination = new Examination(trouble, system, patience);
  const finding = await within(deadlineMs * patience, undefined, () => examine(examination));
  const known = lookUpErrno(trouble.failure.errno);
  const { certificate } = trouble.failure;
  return {
    code: finding?.code ?? known.code,
    hint: finding?.hint ?? known.hint,
    // A copy: a check that comes too late must not change what was said.
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

/** `diagnose` on this machine, where `ownServer` tells of the servers of this program. */
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
