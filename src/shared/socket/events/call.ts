import { duration } from '../../bytes/units.ts';
import { defineEvent, flag, number, oneOf, optional, text } from './event-kind.ts';

/**
 * How a call is known: a tracer saw a program make it (`observed`), Wirebench's own driver made it (`made`), or the kernel or
 * Node.js did it on behalf of the program (`implied`).
 */
const callOrigins = ['observed', 'made', 'implied'] as const;
export type CallOrigin = (typeof callOrigins)[number];

/**
 * One call of the Berkeley interface. A call that waits is recorded once while it waits (`waits`) and once when it has returned;
 * both records have the same `number`, which is unique among the calls of its process.
 *
 * `name` and `args` as the program's language writes them, without the descriptor. `startAt` is in milliseconds since the Unix
 * epoch, with a fraction; `durationMs` is the time until it returned or, of a call that waits, until it was recorded. `result`:
 * what it returned, -1 on failure. `errno`: the POSIX name of the error. `detail`: the address that it returned, or the words of
 * the error. `descriptor`: of the socket in its process. `offset`: where the bytes of a send or recv begin in the stream.
 * `file`, `line` and `source`: the line of the program that made the call, and its text.
 */
export const call = defineEvent({
  kind: 'call',
  code: 38,
  help: 'a socket call, made by a traced program or by Wirebench',
  fields: {
    name: text,
    args: text,
    origin: oneOf(callOrigins),
    startAt: number,
    durationMs: number,
    waits: optional(flag),
    result: optional(number),
    errno: optional(text),
    detail: optional(text),
    number: optional(number),
    descriptor: optional(number),
    offset: optional(number),
    pid: optional(number),
    thread: optional(text),
    file: optional(text),
    line: optional(number),
    source: optional(text),
  },
  text({ name, args, waits, result, errno, detail, durationMs, file, line }) {
    const place = file === undefined ? '' : `  ${baseName(file)}${line === undefined ? '' : `:${line}`}`;
    return `${name}(${args}) ${outcome({ waits, result, errno, detail })}${durationText(durationMs)}${place}`;
  },
  calls: ({ name, args, waits, result, errno, detail, durationMs, origin }) => [
    {
      call: `${name}(${args})`,
      explains: `${originWords[origin]} ${outcome({ waits, result, errno, detail })}, ${duration(durationMs)}.`,
    },
  ],
});

const originWords: Readonly<Record<CallOrigin, string>> = {
  observed: 'The traced program made this call:',
  made: 'Wirebench made this call:',
  implied: 'The kernel or Node.js did this:',
};

interface Outcome {
  readonly waits?: boolean | undefined;
  readonly result?: number | undefined;
  readonly errno?: string | undefined;
  readonly detail?: string | undefined;
}

/** Returns the outcome as strace shows it: `= 14`, `= 4 127.0.0.1:51422`, `= -1 ECONNREFUSED (Connection refused)`, `waits`. */
function outcome({ waits, result, errno, detail }: Outcome): string {
  if (waits === true) return 'waits';
  if (errno !== undefined) return `= -1 ${errno}${detail ? ` (${detail})` : ''}`;
  return ['=', String(result ?? 0), detail].filter(Boolean).join(' ');
}

/** Shorter durations are not shown. */
const shownFromMs = 1;

function durationText(ms: number): string {
  return ms < shownFromMs ? '' : `  (${duration(ms)})`;
}

/** Returns the last part of a path of any system. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
