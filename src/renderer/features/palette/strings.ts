/** The UI strings of the command palette. */
export const strings = {
  title: 'Command palette',
  command: 'Command',
  placeholder: 'Type a command, or the name of a server or client',
  none: 'No matching command',
} as const;
