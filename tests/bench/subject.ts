import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface SubjectOptions {
  readonly behaviour: 'echo' | 'silent';
  readonly framing: 'raw' | 'line' | 'json';
  /** The engine's server records nothing. */
  readonly unrecorded?: boolean | undefined;
}

/** What a server under measurement says of itself. */
export interface SubjectState {
  readonly messages: number;
  readonly bytes: number;
  /** Resident memory of its process, bytes. */
  readonly resident: number;
  /** Since it was last asked: the worst delay of the loop that reads the socket, and the time its thread computed. */
  readonly delayMs: number;
  /** The most that its thread computed between two ticks of a timer, where `watchTurns` was called. Milliseconds. */
  readonly turnMs: number;
  readonly cpuMs: number;
}

/** A server under measurement, in a process of its own. */
export class Subject {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(program: 'engine-server' | 'plain-server', options: SubjectOptions): Promise<Subject> {
    const script = new URL(`./subjects/${program}.ts`, import.meta.url);
    const flags = options.unrecorded && program === 'engine-server' ? ['--unrecorded'] : [];
    const child = fork(script, ['--behaviour', options.behaviour, '--framing', options.framing, ...flags]);
    const [message] = (await once(child, 'message')) as [{ port: number }];
    return new Subject(child, message.port);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** From now on `turnMs` of what it says is measured. */
  watchTurns(): void {
    this.#child.send('turns');
  }

  async count(): Promise<SubjectState> {
    this.#child.send('count');
    const [message] = (await once(this.#child, 'message')) as [SubjectState];
    return message;
  }

  /** Resolves when all that came is handled (recorded and in the file); the process ends by itself after that. */
  async flush(): Promise<void> {
    this.#child.send('flush');
    await once(this.#child, 'message');
  }

  async exited(): Promise<void> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
