// A thread that checks one payload, so that the check does not block the page.
import { type CheckRequest, checkPayload } from './check-payload.ts';

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => postMessage(checkPayload(data)));
