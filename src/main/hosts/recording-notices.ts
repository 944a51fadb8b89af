import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { failureText } from '#shared/failure.ts';

/**
 * Returns a subscriber to a workbench's events. It reports through `say`, once per failure, that a recording has failed and what the user
 * can do while the program runs, and reports when that recording continues.
 */
export function recordingNotices(say: (text: string) => void): (event: WorkbenchEvent) => void {
  const failed = new Set<string>();
  return (event) => {
    if (event.kind !== 'sessions') return;
    for (const { id, state, error, path } of event.changed) {
      if (state === 'failed' && !failed.has(id)) {
        failed.add(id);
        const reason = error === undefined ? `Could not write to “${path}”` : failureText(error);
        say(`${reason}\nIn the window, retry or record to a different file: the records in memory are not lost yet.`);
      } else if (state === 'recording' && failed.delete(id)) {
        say(`Recording continues in “${path}”.`);
      }
    }
  };
}
