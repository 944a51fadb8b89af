import { type CheckRequest, checkPayload } from './check-payload.ts';

// A thread that checks one payload, so that the check does not block the page.

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => postMessage(checkPayload(data)));
