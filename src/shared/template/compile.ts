import {
  BreakTag,
  CaptureTag,
  CaseTag,
  CommentTag,
  ContinueTag,
  ForTag,
  IfTag,
  InlineCommentTag,
  type Template as LiquidTemplate,
  Output,
  RawTag,
  type Token,
  UnlessTag,
  type Value,
} from 'liquidjs';
import { parseHex } from '../bytes/hex.ts';
import type { PayloadFormat } from '../payload/payload.ts';
import {
  compileExpression,
  compileFilter,
  compileToken,
  type Evaluate,
  type FilterSyntax,
  type Uses,
} from './expression.ts';
import { Refused } from './limits.ts';
import { compileItems, repeat } from './loops.ts';
import { Sink, writeRaw, writeValue } from './output.ts';
import type { Run } from './scope.ts';
import { AssignTag, literalOf, type Syntax } from './syntax.ts';
import { areEqual, isTruthy, Rendered } from './values.ts';

/** How a part ended: 0 continues with the next part, the others leave a loop or one turn of it. */
type Signal = 0 | 1 | 2;
const broke = 1;
const continued = 2;

/** Renders a part of a template into a sink; throws `Refused`. */
export type Part = (run: Run, sink: Sink) => Signal;

/** A compiled template: its parts, and the names that it uses. */
export interface Program {
  readonly render: Part;
  readonly uses: Uses;
  /** Names that the template itself defines. */
  readonly own: ReadonlySet<string>;
}

/** Compiles the syntax to functions without generators, which is what makes a repeated send fast. */
export function compileTemplate(format: PayloadFormat, { templates, places }: Syntax): Program {
  const compiler = new Compiler(format, places);
  const render = compiler.list(templates);
  return { render, uses: compiler.uses, own: compiler.own };
}

class Compiler {
  readonly uses: Uses = [];
  readonly own = new Set<string>();
  readonly #format: PayloadFormat;
  readonly #places: Syntax['places'];

  constructor(format: PayloadFormat, places: Syntax['places']) {
    this.#format = format;
    this.#places = places;
  }

  /** Compiles parts that follow each other. */
  list(templates: readonly LiquidTemplate[]): Part {
    const parts = templates.map((template) => this.#part(template)).filter((part) => part !== undefined);
    return (run, sink) => {
      for (const part of parts) {
        run.budget.step();
        const signal = part(run, sink);
        if (signal !== 0) return signal;
      }
      return 0;
    };
  }

  #part(template: LiquidTemplate): Part | undefined {
    if (template instanceof Output) return this.#output(template);
    if (template instanceof CommentTag || template instanceof InlineCommentTag) return undefined;
    if (template instanceof RawTag) return this.#literal(template.render(), template.token);
    if (template instanceof AssignTag) return this.#assign(template);
    if (template instanceof CaptureTag) return this.#capture(template);
    if (template instanceof IfTag || template instanceof UnlessTag) return this.#condition(template);
    if (template instanceof CaseTag) return this.#case(template);
    if (template instanceof ForTag) return this.#loop(template);
    if (template instanceof BreakTag) return () => broke;
    if (template instanceof ContinueTag) return () => continued;
    return this.#literal(literalOf(template.token), template.token);
  }

  /** Compiles text. In a hex payload it must be whole bytes. */
  #literal(text: string, token: Token): Part | undefined {
    if (text === '') return undefined;
    if (this.#format !== 'hex') {
      return (_, sink) => {
        sink.write(text);
        return 0;
      };
    }
    const parsed = parseHex(text);
    if (!parsed.ok) {
      const start = token.begin + Math.max(token.getText().indexOf(text), 0);
      throw new Refused(parsed.reason, start + parsed.at, 1);
    }
    if (parsed.bytes.length === 0) return undefined;
    return (_, sink) => {
      sink.writeBytes(parsed.bytes);
      return 0;
    };
  }

  #output({ token, value: { initial, filters } }: Output): Part {
    const place = this.#places.get(token) ?? 'text';
    const stages = this.#stages({ initial, filters }, false);
    const evaluate = (stages.at(-1) as Stage).evaluate;
    const isRaw = filters.at(-1)?.name === 'raw' && place !== 'bytes';
    const { begin, end } = token;
    return (run, sink) => {
      run.at = begin;
      run.length = end - begin;
      if (run.watchedAt >= begin && run.watchedAt < end) watch(stages, run);
      const value = evaluate(run);
      if (isRaw) writeRaw(value, run, sink);
      else writeValue(value, place, run, sink);
      return 0;
    };
  }

  /** Compiles a value with its filters: the value before the filters, then after each. */
  #stages({ initial, filters }: Pick<Value, 'initial' | 'filters'>, isLenient: boolean): readonly Stage[] {
    const allowsMissing = isLenient || filters[0]?.name === 'default';
    const last = initial.postfix.at(-1);
    const stages: Stage[] = [{ evaluate: compileExpression(initial, this.uses, allowsMissing), end: last?.end ?? 0 }];
    for (const filter of filters) {
      // The token is a private member of LiquidJS's class; errors need its place.
      const syntax = filter as unknown as FilterSyntax;
      const { evaluate } = stages.at(-1) as Stage;
      stages.push({ evaluate: compileFilter(syntax, evaluate, this.uses), end: syntax.token.end });
    }
    return stages;
  }

  #value(value: Value, isLenient: boolean): Evaluate {
    return (this.#stages(value, isLenient).at(-1) as Stage).evaluate;
  }

  #assign({ key, value, token }: AssignTag): Part {
    const stages = this.#stages(value, false);
    const { evaluate } = stages.at(-1) as Stage;
    this.own.add(key);
    return (run) => {
      enter(run, token);
      if (run.watchedAt >= token.begin && run.watchedAt < token.end) watch(stages, run);
      run.locals.set(key, evaluate(run));
      return 0;
    };
  }

  #capture({ variable, templates }: CaptureTag): Part {
    const render = this.list(templates);
    this.own.add(variable);
    return (run) => {
      const sink = new Sink();
      const signal = render(run, sink);
      const content = sink.content();
      run.budget.charge(content.length);
      run.locals.set(variable, new Rendered(content));
      return signal;
    };
  }

  #condition(tag: IfTag | UnlessTag): Part {
    const branches = tag.branches.map(({ value, templates }, index) => ({
      evaluate: this.#value(value, true),
      // Only the first branch of `unless` is negated.
      wanted: !(tag instanceof UnlessTag && index === 0),
      render: this.list(templates),
    }));
    const otherwise = this.list(tag.elseTemplates ?? []);
    return (run, sink) => {
      enter(run, tag.token);
      for (const { evaluate, wanted, render } of branches) {
        run.budget.step();
        if (isTruthy(evaluate(run)) === wanted) return render(run, sink);
      }
      return otherwise(run, sink);
    };
  }

  #case(tag: CaseTag): Part {
    const subject = this.#value(tag.value, true);
    const branches = tag.branches.map(({ values, templates }) => ({
      values: values.map((token) => compileToken(token, this.uses, true)),
      render: this.list(templates),
    }));
    const otherwise = this.list(tag.elseTemplates);
    const count = branches.reduce((sum, { values }) => sum + values.length, 0);
    return (run, sink) => {
      enter(run, tag.token);
      run.budget.charge(count * 4);
      const value = subject(run);
      const chosen = branches.filter(({ values }) => values.some((it) => areEqual(value, it(run), run.budget)));
      if (chosen.length === 0) return otherwise(run, sink);
      for (const { render } of chosen) {
        const signal = render(run, sink);
        if (signal !== 0) return signal;
      }
      return 0;
    };
  }

  #loop(tag: ForTag): Part {
    const choose = compileItems(tag, this.uses);
    this.own.add(tag.variable).add('forloop');
    const body = this.list(tag.templates);
    const otherwise = this.list(tag.elseTemplates);
    return (run, sink) => {
      enter(run, tag.token);
      const items = choose(run);
      if (!items) return otherwise(run, sink);
      repeat(items, tag.variable, run, () => body(run, sink) === broke);
      return 0;
    };
  }
}

/** The value of an expression up to one of its filters, whose text ends at `end`. */
interface Stage {
  readonly evaluate: Evaluate;
  readonly end: number;
}

/** Notes the value that the template has at the watched offset. */
function watch(stages: readonly Stage[], run: Run): void {
  const stage = stages.find(({ end }) => run.watchedAt < end) ?? stages.at(-1);
  run.watched = { value: stage?.evaluate(run) };
}

function enter(run: Run, { begin, end }: Token): void {
  run.at = begin;
  run.length = end - begin;
}
