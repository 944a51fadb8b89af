import { type Job, sizeOf } from './job.ts';

/** The backlog is full while this number of bytes is queued … */
const fullBytes = 1_048_576;
/** … or this number of answers, each of which may require reading a file. */
const fullAnswers = 256;

/**
 * Counts the queued answers, so that a peer cannot make us queue them without end. Other jobs do not count: two peers that send
 * to each other would wait indefinitely.
 */
export class AnswerBacklog {
  #answers = 0;
  #bytes = 0;

  /** True while too many answers are queued; false once they are half of that; `undefined` between. */
  get full(): boolean | undefined {
    if (this.#bytes >= fullBytes || this.#answers >= fullAnswers) return true;
    return this.#bytes < fullBytes / 2 && this.#answers < fullAnswers / 2 ? false : undefined;
  }

  add(job: Job): void {
    if (!job.isAnswer) return;
    this.#answers += 1;
    this.#bytes += sizeOf(job);
  }

  remove(job: Job): void {
    if (!job.isAnswer) return;
    this.#answers -= 1;
    this.#bytes -= sizeOf(job);
  }
}
