import type { PayloadFormat } from '../payload/payload.ts';
import { type Checked, problemAt } from '../payload/problem.ts';
import { compileTemplate, type Program } from './compile.ts';
import type { NameUse } from './expression.ts';
import { builtInValue } from './functions/catalogue.ts';
import { Refused } from './limits.ts';
import { Sink } from './output.ts';
import { Run, type Scope } from './scope.ts';
import { parseSyntax } from './syntax.ts';
import { toText } from './values.ts';

/** A parsed template. It holds no state: one can be rendered for many peers. */
export class Template {
  readonly format: PayloadFormat;
  readonly text: string;
  readonly program: Program;
  constructor(format: PayloadFormat, text: string, program: Program) {
    this.format = format;
    this.text = text;
    this.program = program;
  }
}

/** Parses `text` as a template for a payload format. The problem is the first mistake, with line and column. */
export function parseTemplate(format: PayloadFormat, text: string): Checked<Template> {
  return guarded(text, undefined, () => new Template(format, text, compileTemplate(format, parseSyntax(format, text))));
}

/**
 * Renders one message. Returns its bytes, or the problem with the place in the template. Every template ends within `limits`. The counters
 * of the scope advance only if there is no problem.
 */
export function render(template: Template, scope: Scope): Checked<Uint8Array<ArrayBuffer>> {
  const run = new Run(scope, template.format);
  return guarded(template.text, run, () => {
    const sink = new Sink();
    template.program.render(run, sink);
    const bytes = sink.bytes();
    run.commit();
    return bytes;
  });
}

/** Returns the names that the template expects from the row or the environment, each with its first place. */
export function variablesOf({ program: { uses, own } }: Template): readonly NameUse[] {
  const found = new Map<string, NameUse>();
  for (const use of uses) {
    if (!own.has(use.name) && !builtInValue(use.name) && !found.has(use.name)) found.set(use.name, use);
  }
  return [...found.values()];
}

/**
 * Returns the text of the value at the offset `at` of the template, after the filter there, as the next message would have it; `undefined`
 * if no value is there or its block is not rendered. Counters do not advance.
 */
export function valueAt(template: Template, at: number, scope: Scope): Checked<string | undefined> {
  const run = new Run(scope, template.format);
  run.watchedAt = at;
  const rendered = guarded(template.text, run, () => template.program.render(run, new Sink()));
  const { watched } = run;
  if (!watched) return rendered.ok ? { ok: true, value: undefined } : rendered;
  return guarded(template.text, run, () => toText(watched.value, run.budget));
}

/** Runs `task`; a refusal becomes a problem with its place. Other errors are bugs, except too deep recursion and too long texts. */
function guarded<T>(text: string, run: Run | undefined, task: () => T): Checked<T> {
  try {
    return { ok: true, value: task() };
  } catch (error) {
    const at = run?.at ?? 0;
    const length = run?.length ?? 0;
    if (error instanceof Refused) {
      return { ok: false, problem: problemAt(text, error.at ?? at, error.message, error.length ?? length) };
    }
    if (error instanceof RangeError)
      return { ok: false, problem: problemAt(text, at, 'The template is too complex', length) };
    throw error;
  }
}
