import { RE2JS, RE2JSException } from 're2js';

/** A regular expression whose matching time is linear. */
export type Pattern = Pick<RE2JS, 'test'>;

type CompiledPattern =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly reason: string };

/** Larger programs are slow on every byte: `(a{900}){900}` is short to write. */
const maxProgramSize = 1_000;

/** `matches` examines this many bytes of a message: the largest program takes seconds for them, not minutes. */
export const maxMatchedBytes = 262_144;

/** Compiles `source` in RE2 syntax, or returns in words why it is invalid. `(?i)` at its start makes it case-insensitive. */
export function compilePattern(source: string): CompiledPattern {
  try {
    const pattern = RE2JS.compile(source);
    if (pattern.programSize() <= maxProgramSize) return { ok: true, pattern };
    return { ok: false, reason: 'the regular expression is too large' };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, reason: error.message.replace(/^error parsing regexp: /, '') };
  }
}
