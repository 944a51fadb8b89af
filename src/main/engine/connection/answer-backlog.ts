import { type Job, sizeOf } from './job.ts';

/** A connection is behind with its answers while this number of bytes of them is queued … */
const behindBytes = 1_048_576;
/** … or this number of answers, each of which may require reading a file. */
const behindAnswers = 256;

/**
 * Counts the queued answers, so that a peer cannot make us queue them without end. Other jobs do not count: two peers that send
 * to each other would wait indefinitely.
 */
export class AnswerBacklog {
  #answers = 0;
  #bytes = 0;

  /** True while too many answers are queued; `undefined` between the two thresholds. */
  get behind(): boolean | undefined {
    if (this.#bytes >= behindBytes || this.#answers >= behindAnswers) return true;
    return this.#bytes < behindBytes / 2 && this.#answers < behindAnswers / 2 ? false : undefined;
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
