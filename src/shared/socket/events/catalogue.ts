import { call } from './call.ts';
import { closed, ended, shutdown } from './closing.ts';
import { connecting, opened, resolved, waiting } from './connecting.ts';
import { malformed, reframed } from './framing.ts';
import { paused, resumed } from './pausing.ts';
import { failed, limited, problem } from './problems.ts';
import { secured } from './secured.ts';
import { accepted, bound, listening, peerAdded } from './server.ts';
import { control, http, upgraded } from './websocket.ts';

/** Every kind of event, in the order in which a socket may have them; this is the order of the filter's list. */
export const socketEvents = [
  call,
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
