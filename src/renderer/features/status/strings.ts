import { byteCount } from '#shared/bytes/units.ts';
import { countOf, countText } from '../../ui/text.ts';

/** The UI strings of the status bar. */
export const strings = {
  connecting: 'connecting to the engine',
  disconnected: 'not connected to the engine',
  recording: (session: string) => `recording ${session}`,
  recordingFailed: (session: string) => `recording failed: ${session}`,
  notRecording: 'not recording',
  records: (count: number) => countOf(count, 'record'),
  incomplete: (bytes: number) => `includes ${byteCount(bytes)} of incomplete messages`,
  rate: (messages: number) => `${countText(messages)} msg/s`,
  rateChart: 'Messages/s, last 32 seconds',
  problems: (count: number) => countOf(count, 'problem'),
  desktop: 'desktop',
  browser: 'browser',
} as const;
