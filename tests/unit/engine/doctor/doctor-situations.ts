import type { Situation } from './situation.ts';
import { agreeingSituations } from './situations-agreeing.ts';
import { openingSituations } from './situations-opening.ts';
import { reachingSituations } from './situations-reaching.ts';

/** Every answer of the doctor, each with a machine on which it is given. */
export const situations: readonly Situation[] = [...openingSituations, ...reachingSituations, ...agreeingSituations];
