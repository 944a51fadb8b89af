import { hiddenSource } from '../bytes/hidden.ts';
import { utf8Length } from '../bytes/text.ts';
import { fail, ok, type Result } from '../failure.ts';

/** The name of a variable or of a secret. */
export const namePattern = /^[A-Za-z_][A-Za-z0-9_-]{0,119}$/;
export const nameError = 'a name must begin with a letter or _, and contain only letters, digits, _ and -';

/*
 * The paths of documents: relative to their workspace, with `/` between their parts, and the same on each system that a team uses.
 * A path that one of them cannot have, or that it would take for another one, is refused.
 */

/** The caps of a path: its parts, and the characters and bytes of a part. Most file systems have names of up to 255 bytes. */
export const pathLimits = { depth: 16, characters: 120, bytes: 255 } as const;

/** Device names of Windows, with any ending. */
const reservedOnWindows = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;
const notOnWindows = /[<>:"|?*\\]/;
/** No `g`, so that `test` keeps no position. Compiled on first use. */
let hiddenCharacter: RegExp | undefined;

/** Returns why `part` cannot be the name of a file or folder of a workspace, as a phrase; `undefined` if it can. */
function partProblem(part: string): string | undefined {
  hiddenCharacter ??= new RegExp(hiddenSource, 'u');
  if (part === '') return 'it has an empty part';
  if (part === '.' || part === '..') return `it contains “${part}”`;
  if (!/^[ -~]*$/.test(part) && hiddenCharacter.test(part)) return 'it contains a control character or a hidden one';
  const character = notOnWindows.exec(part)?.[0];
  if (character !== undefined) return `it contains ${character}, which Windows does not allow in names`;
  if (/^\s|[\s.]$/.test(part)) return 'a part of it begins with a blank, or ends with a blank or a dot';
  if (reservedOnWindows.test(part)) return `“${part}” is a device name on Windows`;
  if ([...part].length > pathLimits.characters) return `a part of it has more than ${pathLimits.characters} characters`;
  if (utf8Length(part) > pathLimits.bytes) return `a part of it has more than ${pathLimits.bytes} bytes`;
  return undefined;
}

/** Returns why `path` cannot be the path of a document, as a phrase; `undefined` if it can. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > pathLimits.depth * (pathLimits.bytes + 1)) return 'it is too long';
  if (/^(?:[/\\]|[a-z]:)/i.test(path)) return 'it is absolute';
  const parts = path.split('/');
  if (parts.length > pathLimits.depth) return `it has more than ${pathLimits.depth} parts`;
  for (const part of parts) {
    const problem = partProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Parses the path of a document relative to its workspace: `payloads/orders/new-order.json`. Returns it in Unicode's normal form C, in
 * which the same name is always the same text.
 */
export function parseDocumentPath(text: string): Result<string> {
  const path = text.length > 8_192 ? text : text.normalize('NFC');
  const problem = pathProblem(path);
  if (problem === undefined) return ok(path);
  const shown = JSON.stringify(path.slice(0, 80)).slice(1, -1);
  return fail('bad-input', `“${shown}” is not a path in a workspace`, {
    system: problem,
    hint: 'Use a relative path, such as orders/new-order.json, with names that each system allows.',
  });
}

/** Returns a name for a file made of `text`, which may be anything: what a name cannot contain is replaced by `-`. */
export function fileNameOf(text: string): string {
  const cleaned = text
    .normalize('NFC')
    .replaceAll(new RegExp(`(?:${hiddenSource}|[<>:"|?*\\\\/])+`, 'gu'), '-')
    .replaceAll(/^[\s.-]+|[\s.-]+$/gu, '');
  let name = '';
  for (const character of cleaned) {
    if (name.length + character.length > 60) break;
    name += character;
  }
  name = name.replace(/[\s.-]+$/u, '');
  return partProblem(name) === undefined ? name : `document${name === '' ? '' : `-${name}`}`;
}

/** Returns what two paths share if a system that ignores case, or Unicode's forms, takes them for one. */
function foldedPath(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Returns the groups of paths that some system takes for one file: `Order.json` and `order.json`. */
export function caseClashes(paths: Iterable<string>): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const path of paths) {
    // A folder clashes as a file does.
    for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      const part = end < 0 ? path : path.slice(0, end);
      const folded = foldedPath(part);
      groups.set(folded, (groups.get(folded) ?? new Set()).add(part));
      if (end < 0) break;
    }
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group].sort());
}

/** Where the documents of a kind are, and the endings of their names. */
export interface Place {
  /** Empty for a file in the workspace's own folder. */
  readonly folder: string;
  /** With their dots; of a file in the workspace's own folder, its name. */
  readonly endings: readonly string[];
}

/** Returns whether `path` is where documents of a kind are. */
export function isIn({ folder, endings }: Place, path: string): boolean {
  if (folder === '') return endings.includes(path);
  return (
    path.startsWith(`${folder}/`) && endings.some((ending) => path.endsWith(ending) && !path.endsWith(`/${ending}`))
  );
}

/** Returns the name of a document: its path in its folder, without its ending. `endpoints/lab/boiler.yaml` is `lab/boiler`. */
export function nameOf(place: Place, path: string): string {
  const inside = inFolder(place, path);
  const ending = place.endings.find((one) => inside.endsWith(one));
  return ending === undefined ? inside : inside.slice(0, -ending.length);
}

function inFolder({ folder }: Place, path: string): string {
  return folder !== '' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Finds the document that a person calls `name`: its path in its folder, with or without its ending. */
export function findByName(place: Place, name: string, paths: readonly string[], what = 'document'): Result<string> {
  const wanted = name.normalize('NFC');
  const known = paths.filter((path) => isIn(place, path));
  const exact = known.find((path) => inFolder(place, path).normalize('NFC') === wanted);
  const found = exact === undefined ? known.filter((path) => nameOf(place, path).normalize('NFC') === wanted) : [exact];
  const [first, ...more] = found;
  if (first !== undefined && more.length === 0) return ok(first);
  if (first !== undefined) {
    const candidates = found.map((path) => inFolder(place, path)).sort();
    return fail('bad-input', `The ${what} name “${name}” is ambiguous`, {
      system: `there are ${listed(candidates)}`,
      hint: 'Add the ending.',
    });
  }
  const names = known.map((path) => nameOf(place, path)).sort();
  return fail('not-found', `There is no ${what} “${name}”`, {
    hint: names.length === 0 ? `The folder ${place.folder} has none.` : `There are: ${listed([...new Set(names)])}.`,
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10);
  return `${shown.join(', ')}${names.length > shown.length ? `, and ${names.length - shown.length} more` : ''}`;
}

/**
 * Returns a path like `path` that is free: `new-order 2.json` for `new-order.json`, `new-order 3.json` for `new-order 2.json`. `ending` is
 * the part after the number.
 */
export function freePath(path: string, taken: Iterable<string>, ending: string): string {
  const used = new Set(Array.from(taken, foldedPath));
  const stem = ending !== '' && path.endsWith(ending) ? path.slice(0, -ending.length) : path;
  const tail = path.slice(stem.length);
  if (!used.has(foldedPath(path))) return path;
  const [, base = stem, digits] = /^(.*?) (\d{1,6})$/.exec(stem) ?? [];
  for (let number = digits === undefined ? 2 : Number(digits) + 1; ; number += 1) {
    const suffix = ` ${number}`;
    const slash = base.lastIndexOf('/') + 1;
    const free = `${base.slice(0, slash)}${shortened(base.slice(slash), `${suffix}${tail}`)}${suffix}${tail}`;
    if (!used.has(foldedPath(free))) return free;
  }
}

/** Returns as much of `name` as fits in one part of a path in front of `rest`. */
function shortened(name: string, rest: string): string {
  const characters = [...name];
  while (characters.length > 1 && partProblem(`${characters.join('')}${rest}`) !== undefined) characters.pop();
  return characters.join('').trimEnd();
}
