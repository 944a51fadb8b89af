import { z } from 'zod';
import { folderHandleSchema } from './fields.ts';
import { lessonViewSchema } from './questions/lesson-progress.ts';

/* The calls about programs of the user: those that are traced, and those that the lessons begin with. */

const nothing = z.object({});

/** An IP address with its port: `127.0.0.1:80`, `[::1]:80`. */
const ipAddressAndPort = z.string().regex(/^(?:\[[0-9a-f:.]{2,45}\]|[0-9.]{7,15}):[0-9]{1,5}$/i);

export const programCalls = {
  /** Removes the programs that have ended from the list. Their records are kept. */
  'programs.clear': { input: nothing, output: nothing },
  /**
   * Returns the process of this machine that has the other end of a connection over loopback: its name, as `nc (812)`, and its process id.
   * Null where the system does not say, for example for a process of another user.
   */
  'sockets.peerProcess': {
    input: z.object({ local: ipAddressAndPort, peer: ipAddressAndPort }),
    output: z.object({ process: z.object({ name: z.string(), pid: z.number() }).nullable() }),
  },
  /** The lessons that ship with Wirebench, in their order. */
  'lessons.list': { input: nothing, output: z.array(lessonViewSchema) },
  /** Writes the starter programs of a lesson to a folder that the user selected. Never overwrites a file. */
  'lessons.write': {
    input: z.object({ name: z.string().max(120), folder: folderHandleSchema }),
    output: z.object({ written: z.array(z.string()), existing: z.array(z.string()) }),
  },
} as const;
