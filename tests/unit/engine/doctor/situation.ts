import type { Trouble } from '#engine/doctor/diagnosis.ts';
import type { FakeFacts } from '#support/fake-doctor-system.ts';

/** One row of docs/doctor.md. */
export interface Situation {
  /** The heading it stands under: a case of the doctor's list. */
  readonly of: string;
  readonly what: string;
  readonly trouble: Trouble;
  readonly facts?: FakeFacts;
}
