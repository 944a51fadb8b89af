import { accepted } from './accepted.ts';
import { bound } from './bound.ts';
import { closed } from './closed.ts';
import { connecting } from './connecting.ts';
import { control } from './control.ts';
import { failed } from './failed.ts';
import { malformed, reframed } from './framing.ts';
import { ended, shutdown } from './half-close.ts';
import { http } from './http.ts';
import { limited } from './limited.ts';
import { listening } from './listening.ts';
import { opened } from './opened.ts';
import { paused, resumed } from './pausing.ts';
import { peerAdded } from './peer-added.ts';
import { problem } from './problem.ts';
import { resolved } from './resolved.ts';
import { secured } from './secured.ts';
import { upgraded } from './upgraded.ts';
import { waiting } from './waiting.ts';

/** Every kind of event, in the order in which a socket may have them; this is the order of the filter's list. */
export const socketEvents = [
  listening,
  bound,
  resolved,
  connecting,
  waiting,
  accepted,
  opened,
  peerAdded,
  secured,
  upgraded,
  http,
  control,
  reframed,
  malformed,
  paused,
  resumed,
  limited,
  problem,
  failed,
  shutdown,
  ended,
  closed,
] as const;
