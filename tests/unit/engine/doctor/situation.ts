import type { Trouble } from '#engine/doctor/diagnosis.ts';
import type { FakeFacts } from '#support/fake-doctor-system.ts';

/** One row of docs/doctor.md. */
export interface Situation {
  /** The heading in that page: the name of a case of the doctor. */
  readonly of: string;
  readonly what: string;
  readonly trouble: Trouble;
  readonly facts?: FakeFacts;
}
