/** Maximum bytes of a message that is sent from memory; one from a file may have any size. */
export const maxSendBytes = 64 * 1_048_576;

/** Maximum number of closed sockets that are listed for an endpoint: the last ones. The session has all of them. */
export const keptClosed = 50;
/** Maximum bytes of an incomplete message in one answer. */
export const maxWaitingBytes = 16 * 1_024;
/** Maximum bytes of a WebSocket ping (RFC 6455, section 5.5). */
export const maxPingBytes = 125;
/** Maximum rows in one answer of `sessions.window`. */
export const maxWindowRows = 1_000;
/** Maximum bytes in one answer of `sessions.payload`. */
export const maxPayloadBytes = 4 * 1_048_576;
/** Maximum number of messages of a repeated send with a count. */
export const maxRepeatCount = 1_000_000_000;
/** Maximum of each time that a job is given: one day. */
export const maxJobMs = 86_400_000;
/** Maximum number of jobs that run at the same time. */
export const maxRunningJobs = 64;
