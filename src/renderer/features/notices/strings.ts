/** The UI strings of notices and of operations in progress. */
export const strings = {
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  progress: (done: string, total: string) => `${done} of ${total}`,
} as const;
