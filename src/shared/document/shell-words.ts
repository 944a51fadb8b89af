/** One program of a pipeline. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** The text after `<<<`. */
  readonly hereString?: string | undefined;
}

/** A word in single quotes, in double quotes, after `$'`, or a part without quotes. */
const part = /'([^']*)'|"((?:[^"\\$`]|\\[\s\S])*)"|\$'((?:[^'\\]|\\[\s\S])*)'|((?:[^\s'"\\$`|&;<>()*?~]|\\[\s\S])+)/y;
const operator = /<<<|\|(?![|&])/y;

/**
 * Splits a command line into the programs of its pipeline and their words, as a POSIX shell does. Returns `undefined` where a shell would
 * do more than that: variables, substitutions, redirections, several commands.
 */
export function splitShellLine(line: string): ShellCommand[] | undefined {
  const commands: { words: string[]; hereString?: string }[] = [{ words: [] }];
  let at = 0;
  let isHere = false;
  const text = line.replace(/^\s*\$\s+/, '');
  while (at < text.length) {
    if (/\s/.test(text[at] as string)) {
      at += 1;
      continue;
    }
    operator.lastIndex = at;
    const found = operator.exec(text)?.[0];
    if (found !== undefined) {
      at += found.length;
      if (found === '|') commands.push({ words: [] });
      else isHere = true;
      continue;
    }
    const word = readWord(text, at);
    if (word === undefined) return undefined;
    at = word.end;
    const command = commands.at(-1) as (typeof commands)[number];
    if (isHere) command.hereString = word.text;
    else command.words.push(word.text);
    isHere = false;
  }
  return isHere ? undefined : commands;
}

function readWord(line: string, from: number): { text: string; end: number } | undefined {
  let text = '';
  let at = from;
  while (at < line.length && !/[\s|]/.test(line[at] as string) && !line.startsWith('<<<', at)) {
    part.lastIndex = at;
    const match = part.exec(line);
    if (!match) return undefined;
    const [whole, single, double, ansi, bare] = match;
    if (single !== undefined) text += single;
    else if (double !== undefined)
      text += double.replaceAll(/\\([$`"\\\n])/g, (_, one: string) => (one === '\n' ? '' : one));
    else if (ansi !== undefined) text += ansiText(ansi);
    else text += (bare ?? '').replaceAll(/\\([\s\S])/g, '$1');
    at += whole.length;
  }
  return { text, end: at };
}

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
};

/** Returns the text of `$'…'`. Escapes above 7f are characters here, not bytes. */
function ansiText(inside: string): string {
  return inside.replaceAll(/\\(?:x([0-9a-f]{1,2})|([\s\S]))/gi, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
