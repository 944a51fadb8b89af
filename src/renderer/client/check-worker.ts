// A thread that checks one payload, so that the page goes on meanwhile.
import { type CheckRequest, checkPayload } from './check-payload.ts';

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => postMessage(checkPayload(data)));
