import type { LanguageName } from '#shared/code/program.ts';

interface CodePart {
  readonly kind: 'plain' | 'comment' | 'string';
  readonly text: string;
  /** Offset in the program. */
  readonly at: number;
}

const doubleQuoted = /"(?:[^"\\\n]|\\.)*"/;
const singleQuoted = /'(?:[^'\\\n]|\\.)*'/;
const slashComment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
/** Not `$#` and `${x#y}`. */
const hashComment = /(?<![^\s])#[^\n]*/;

function join(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'g');
}

const scripts = join(doubleQuoted, singleQuoted, hashComment);
// A single quote begins a character or a lifetime, which have no colour; `'"'` does not begin a string.
const compiled = join(slashComment, doubleQuoted, /'(?:[^'\\\n]|\\.)'/);

const patterns: Readonly<Record<LanguageName, RegExp>> = {
  ...{ python: scripts, asyncio: scripts, bash: scripts },
  // A backslash is an ordinary character in PowerShell.
  powershell: join(/"(?:[^"`\n]|`.)*"/, /'[^'\n]*'/, hashComment),
  node: join(slashComment, doubleQuoted, singleQuoted),
  ...{ c: compiled, go: compiled, java: compiled, rust: compiled, csharp: compiled },
};

/** Splits a program into its comments, its strings and the rest, for colours. The texts of the parts are the program. */
export function codeParts(language: LanguageName, text: string): CodePart[] {
  const parts: CodePart[] = [];
  let at = 0;
  for (const match of text.matchAll(patterns[language])) {
    const [found] = match;
    if (match.index > at) parts.push({ kind: 'plain', text: text.slice(at, match.index), at });
    parts.push({ kind: /^["']/.test(found) ? 'string' : 'comment', text: found, at: match.index });
    at = match.index + found.length;
  }
  if (at < text.length) parts.push({ kind: 'plain', text: text.slice(at), at });
  return parts;
}
