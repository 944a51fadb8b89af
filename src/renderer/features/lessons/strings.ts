/** The UI strings of lessons. */
export const strings = {
  title: 'Lessons',
  open: 'Open lessons',
  lead: 'Short exercises with your own Python programs. A step is ticked when the session being recorded shows that it happened.',
  list: 'Lessons',
  steps: 'Steps',
  done: 'Done',
  missing: 'Not done yet',
  progress: (done: number, total: number) => `${done} of ${total} steps done`,
  hint: 'Hint',
  copy: 'Copy the command',
  programs: 'Starter programs',
  write: 'Write starter programs…',
  writeByCommand: 'To write the starter programs to a folder, run this command in a terminal:',
  selectFolder: 'Folder for the starter programs',
  written: 'Starter programs written',
  files: (written: readonly string[], existing: readonly string[]) =>
    [
      written.length > 0 ? `Written: ${written.join(', ')}.` : '',
      existing.length > 0 ? `Not changed, because they exist: ${existing.join(', ')}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
} as const;
