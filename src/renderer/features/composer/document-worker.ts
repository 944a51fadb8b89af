import { type DocumentTask, runTask } from './document-task.ts';

// A thread that works on one document, so that the page is not blocked.

addEventListener('message', ({ data }: MessageEvent<DocumentTask>) => postMessage(runTask(data)));
