import { closedWithUnreadBytes } from './detectors/closed-with-unread-bytes.ts';
import { neverClosed } from './detectors/never-closed.ts';
import { recvAfterEnd } from './detectors/recv-after-end.ts';
import { recvFilledBuffer } from './detectors/recv-filled-buffer.ts';
import { sendAfterClose } from './detectors/send-after-close.ts';
import { shortSend } from './detectors/short-send.ts';
import type { InsightKind } from './insight.ts';

/** Every insight, in the order of the documentation. */
export const insightKinds: readonly InsightKind[] = [
  recvFilledBuffer,
  shortSend,
  recvAfterEnd,
  closedWithUnreadBytes,
  sendAfterClose,
  neverClosed,
];
