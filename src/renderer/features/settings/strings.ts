import { countOf } from '../../ui/text.ts';

/** The UI strings of the settings. */
export const strings = {
  title: 'Settings',
  close: 'Close',
  save: 'Save',
  theme: 'Theme',
  themes: { system: 'System', dark: 'Dark', light: 'Light' },
  retention: {
    title: 'Recorded sessions',
    sessions: 'Maximum sessions',
    size: 'Maximum size',
    unit: 'Unit',
    help: 'Older sessions are deleted. Named, bookmarked, annotated, open and recent (24 h) sessions are never deleted automatically and do not count.',
    deletes: (count: number, size: string) =>
      `Saving deletes up to ${countOf(count, 'session')} (${size}), oldest first.`,
    now: (count: number, size: string) => `Currently ${countOf(count, 'session')}, ${size}, in`,
    sessionsError: (most: number) => `1 to ${most}`,
    sizeError: (least: string, most: string) => `${least} to ${most}`,
  },
} as const;
