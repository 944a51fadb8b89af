import { duration } from '../../bytes/units.ts';
import { defineEvent } from './event-kind.ts';
import { number } from './fields.ts';

/** `attempt`: how many attempts there are then, without one that succeeded. */
export const waiting = defineEvent({
  kind: 'waiting',
  code: 31,
  help: 'a client waits before it connects again',
  level: 'warning',
  fields: { attempt: number, delayMs: number },
  text: ({ attempt, delayMs }) => `waiting ${duration(delayMs)} before attempt ${attempt}`,
  changes: () => ({ word: 'waiting' }),
  calls: ({ attempt, delayMs }) => [
    {
      call: `time.sleep(${delayMs / 1_000})`,
      explains: `A socket cannot be used again after connect() failed or it was closed: attempt ${attempt} creates a new one.`,
    },
  ],
});
