import {
  BreakTag,
  CaptureTag,
  CaseTag,
  CommentTag,
  ContinueTag,
  ForTag,
  IfTag,
  InlineCommentTag,
  Liquid,
  LiquidError,
  type Template as LiquidTemplate,
  Parser,
  RawTag,
  Tag,
  type TagToken,
  type Token,
  Tokenizer,
  TokenKind,
  type TopLevelToken,
  UnlessTag,
  Value,
} from 'liquidjs';
import type { PayloadFormat } from '../payload/payload.ts';
import { limits, Refused } from './limits.ts';
import { type Place, type PlaceTracker, trackPlaces } from './places.ts';

/** `{% assign name = value %}`, with its parts readable. */
export class AssignTag extends Tag {
  readonly key: string;
  readonly value: Value;
  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.key = this.tokenizer.readIdentifier().content;
    this.tokenizer.assert(this.key, 'a name is expected');
    this.tokenizer.skipBlank();
    this.tokenizer.assert(this.tokenizer.peek() === '=', '`=` is expected');
    this.tokenizer.advance();
    this.value = new Value(this.tokenizer.readFilteredValue(), liquid);
  }
  /** Tags are rendered in `compile.ts`. */
  render(): void {}
}

const tags = {
  assign: AssignTag,
  break: BreakTag,
  capture: CaptureTag,
  case: CaseTag,
  comment: CommentTag,
  continue: ContinueTag,
  for: ForTag,
  if: IfTag,
  raw: RawTag,
  unless: UnlessTag,
  '#': InlineCommentTag,
};

/** The tags of a block with its branches. */
const blocks = new Set(['if', 'unless', 'case', 'for', 'capture', 'raw', 'comment']);
const branches = new Set(['else', 'elsif', 'when']);

/** LiquidJS reads the syntax only: it renders nothing, and its tags that read files are removed. */
const liquid = createLiquid();

function createLiquid(): Liquid {
  const it = new Liquid({ templates: {}, strictFilters: false, parseLimit: limits.length });
  for (const name of Object.keys(it.tags)) delete it.tags[name];
  for (const name of Object.keys(it.filters)) it.unregisterFilter(name);
  for (const [name, tag] of Object.entries(tags)) it.registerTag(name, tag);
  return it;
}

/** A template as LiquidJS parses it, and the place of each output. */
export interface Syntax {
  readonly templates: readonly LiquidTemplate[];
  readonly places: ReadonlyMap<Token, Place>;
}

/** Parses the syntax of a template; throws `Refused` with the place of the mistake. */
export function parseSyntax(format: PayloadFormat, text: string): Syntax {
  if (text.length > limits.length) throw new Refused(`A template has at most ${limits.length} characters`, 0, 0);
  try {
    const tokens = new Tokenizer(text).readTopLevelTokens(liquid.options);
    checkTokens(tokens);
    const places = placesOf(format, tokens);
    return { templates: new Parser(liquid).parseTokens([...tokens]), places };
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const { token, originalError } = error as LiquidError & { token: Token; originalError?: Error };
    const reason = (originalError ?? error).message.replace(/, line:\d+, col:\d+$/, '');
    throw new Refused(
      reason.charAt(0).toUpperCase() + reason.slice(1),
      token.begin,
      Math.max(token.end - token.begin, 1),
    );
  }
}

function isTag(token: Token): token is TagToken {
  return token.kind === TokenKind.Tag;
}

/** Returns the text between outputs and tags that a token represents. */
export function literalOf(token: Token): string {
  // LiquidJS does not export this class.
  return (token as Token & { getContent: () => string }).getContent();
}

type Role = 'open' | 'close' | 'branch' | 'single' | 'unknown';

function roleOf(name: string): Role {
  if (blocks.has(name)) return 'open';
  if (branches.has(name)) return 'branch';
  if (name.startsWith('end') && blocks.has(name.slice(3))) return 'close';
  return Object.hasOwn(tags, name) ? 'single' : 'unknown';
}

/** Refuses unknown tags and what is too large, before anything is parsed by recursion. */
function checkTokens(tokens: readonly TopLevelToken[]): void {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const length = token.end - token.begin;
    const refuse = (reason: string) => new Refused(reason, token.begin, length);
    if (index >= limits.parts) throw refuse(`A template has at most ${limits.parts} parts`);
    if (token.kind !== TokenKind.HTML && length > limits.expression) {
      throw refuse(`An expression has at most ${limits.expression} characters`);
    }
    if (!isTag(token)) continue;
    const role = roleOf(token.name);
    if (role === 'unknown') throw refuse(`There is no tag \`${token.name}\``);
    depth += role === 'open' ? 1 : role === 'close' ? -1 : 0;
    if (depth > limits.nesting) throw refuse(`Blocks are nested deeper than ${limits.nesting} levels`);
  }
}

/** Returns the place of each output. The branches of a block begin at the same place; a captured block is a document. */
function placesOf(format: PayloadFormat, tokens: readonly TopLevelToken[]): Map<Token, Place> {
  const places = new Map<Token, Place>();
  const tracker = trackPlaces(format);
  const open: string[] = [];
  let isComment = false;
  for (const token of tokens) {
    const name = isTag(token) ? token.name : '';
    if (name === 'comment' || name === 'endcomment') isComment = name === 'comment';
    else if (isComment) continue;
    else if (name !== '') followTag(name, tracker, open);
    else if (token.kind === TokenKind.Output) places.set(token, tracker.place());
    else tracker.read(literalOf(token));
  }
  return places;
}

/** Moves the tracker as a tag does. `open` has the states before the blocks that are open. */
function followTag(name: string, tracker: PlaceTracker, open: string[]): void {
  const role = roleOf(name);
  if (role === 'open') {
    open.push(tracker.save());
    if (name === 'capture') tracker.restore(tracker.start);
  } else if (role === 'branch') tracker.restore(open.at(-1) ?? tracker.start);
  else if (role === 'close') {
    const before = open.pop();
    if (name === 'endcapture' && before !== undefined) tracker.restore(before);
  }
}
