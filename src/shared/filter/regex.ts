import { RE2JS, RE2JSException } from 're2js';

/** A regular expression that never takes longer than linear time. */
export type Pattern = Pick<RE2JS, 'test'>;

type CompiledPattern =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly reason: string };

/** Programs beyond this are slow on every byte: `(a{900}){900}` is short to write. */
const maxProgramSize = 1_000;

/** `matches` looks at so much of a message, in bytes: the largest program takes seconds for it, not minutes. */
export const maxMatchedBytes = 262_144;

/** Compiles `source` in RE2's syntax, or says in words why it is none. `(?i)` at its start makes case not matter. */
export function compilePattern(source: string): CompiledPattern {
  try {
    const pattern = RE2JS.compile(source);
    if (pattern.programSize() <= maxProgramSize) return { ok: true, pattern };
    return { ok: false, reason: 'the regular expression is too big' };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, reason: error.message.replace(/^error parsing regexp: /, '') };
  }
}
