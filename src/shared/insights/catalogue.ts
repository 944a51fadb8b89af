import { addressInTimeWait } from './detectors/address-in-time-wait.ts';
import { bothWaitInRecv } from './detectors/both-wait-in-recv.ts';
import { clientInBacklog } from './detectors/client-in-backlog.ts';
import { closedWithUnreadBytes } from './detectors/closed-with-unread-bytes.ts';
import { datagramTruncated } from './detectors/datagram-truncated.ts';
import { lengthByteOrder } from './detectors/length-byte-order.ts';
import { localhostIpv6First } from './detectors/localhost-ipv6-first.ts';
import { loopbackOnly } from './detectors/loopback-only.ts';
import { messageInSeveralReads } from './detectors/message-in-several-reads.ts';
import { messagesInOneRead } from './detectors/messages-in-one-read.ts';
import { nagleDelayedAck } from './detectors/nagle-delayed-ack.ts';
import { neverClosed } from './detectors/never-closed.ts';
import { recvAfterEnd } from './detectors/recv-after-end.ts';
import { recvFilledBuffer } from './detectors/recv-filled-buffer.ts';
import { sendAfterClose } from './detectors/send-after-close.ts';
import { shortSend } from './detectors/short-send.ts';
import { splitCharacter } from './detectors/split-character.ts';
import type { InsightKind } from './insight.ts';

/** Every insight, in the order of the documentation. */
export const insightKinds: readonly InsightKind[] = [
  recvFilledBuffer,
  messageInSeveralReads,
  messagesInOneRead,
  shortSend,
  bothWaitInRecv,
  recvAfterEnd,
  clientInBacklog,
  closedWithUnreadBytes,
  sendAfterClose,
  addressInTimeWait,
  loopbackOnly,
  localhostIpv6First,
  lengthByteOrder,
  splitCharacter,
  neverClosed,
  nagleDelayedAck,
  datagramTruncated,
];
