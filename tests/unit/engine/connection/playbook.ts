import { Dialogue, type DialogueOptions, type Said } from '#support/dialogue.ts';

/** One line of a conversation: an event, or milliseconds that pass, and the commands that it gives, in words. */
type Line = readonly [said: Said | number, ...commands: string[]];

/** A conversation with a machine that shows one behaviour. */
export interface Playbook {
  readonly name: string;
  readonly options?: DialogueOptions;
  /** Creates the lines: a send can be queued once. */
  readonly lines: () => readonly Line[];
}

/** Returns the playbook `name` of these lines. */
export function playbook(name: string, lines: () => readonly Line[], options: DialogueOptions = {}): Playbook {
  return { name, lines, options };
}

/** Plays a playbook. Returns the dialogue, its lines as they should be, and as they were. */
export function play({ lines, options }: Playbook): {
  readonly dialogue: Dialogue;
  readonly expected: readonly Line[];
  readonly played: readonly Line[];
} {
  const dialogue = new Dialogue(options);
  const expected = lines();
  const played = expected.map(([said]): Line => {
    if (typeof said !== 'number') return [said, ...dialogue.say(said)];
    dialogue.pass(said);
    return [said];
  });
  return { dialogue, expected, played };
}
