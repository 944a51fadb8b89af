import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { failureText } from '#shared/failure.ts';

/**
 * Says once, by `say`, that the recording has failed and what can be done while the program runs, and again when it goes on. Returns what
 * to subscribe to a workbench's events.
 */
export function recordingNotices(say: (text: string) => void): (event: WorkbenchEvent) => void {
  const failed = new Set<string>();
  return (event) => {
    if (event.kind !== 'sessions') return;
    for (const { id, state, error, path } of event.changed) {
      if (state === 'failed' && !failed.has(id)) {
        failed.add(id);
        const reason = error === undefined ? `“${path}” is not recorded to` : failureText(error);
        say(`${reason}\nIn the window, try again or record to another place: what is in memory is not lost yet.`);
      } else if (state === 'recording' && failed.delete(id)) {
        say(`The recording goes on in “${path}”.`);
      }
    }
  };
}
