import type { JobKind } from '#shared/contract/jobs/catalogue.ts';
import type { StartJob } from './job.ts';
import { startRepeatJob } from './repeat-job.ts';

/** How the jobs of each kind are started. */
export const jobStarters: { readonly [Kind in JobKind]: StartJob<Kind> } = {
  repeat: startRepeatJob,
};
