/*
 * What a spreadsheet would run in a CSV gets an apostrophe in front (CWE-1236; OWASP, “CSV Injection”): at the start of a cell, and
 * where a spreadsheet that splits at other characters than the comma sees the start of a cell. Quotes protect neither: to such a
 * spreadsheet a cell begins at the separator, and a quote inside of it is a character like others.
 */

const apostrophe = 0x27;
const quote = 0x22;

/** What a spreadsheet runs at the start of a cell, also in full width (U+FF1D, U+FF0B, U+FF0D, U+FF20); and the guard itself. */
const running = "=+\\-@\uff1d\uff0b\uff0d\uff20'";
/** At the start of a cell also what it skips before that. */
const startPattern = new RegExp(`^[${running}\t\r\n]`);
/** The separators of cells and rows that a spreadsheet may split at; quotes that it would then take away may follow. */
const innerPattern = new RegExp(`[;\t\r\n]"*(?=[${running}])`, 'g');
const armedPattern = new RegExp(`^"*(?=[${running}])`);
const armingPattern = /[;\t\r\n]"*$/;
const onlyQuotes = /^"*$/;

/** Returns `text` as a cell in which a spreadsheet runs nothing. Without one apostrophe at each guarded place, it is `text` again. */
export function guardedCell(text: string): string {
  return new CellGuard().text(text);
}

/** Guards one cell after another, each in any number of pieces that are split between characters. */
export class CellGuard {
  #isStart = true;
  /** The last characters are a separator and possibly quotes. */
  #isArmed = false;

  /** The next piece, guarded. */
  text(piece: string): string {
    if (piece === '') return '';
    const start = this.#isStart && startPattern.test(piece) ? "'" : '';
    const armed = this.#isArmed ? piece.replace(armedPattern, "$&'") : piece;
    this.#isArmed = armingPattern.test(piece) || (this.#isArmed && onlyQuotes.test(piece));
    this.#isStart = false;
    return start + armed.replace(innerPattern, "$&'");
  }

  /** Writes the next piece to `into` as `text` does, as UTF-8 and each quote twice; gives the length, at most that of `body` twice. */
  escape(body: Uint8Array, into: Uint8Array): number {
    let length = 0;
    let isStart = this.#isStart;
    let isArmed = this.#isArmed;
    for (let at = 0; at < body.length; at += 1) {
      const byte = body[at] as number;
      let kind = kinds[byte] as number;
      if (kind === leads) kind = isFullWidth(body, at) ? runs : plain;
      // None of these is written twice for two reasons, so that there is room.
      if (kind === doubled) into[length++] = quote;
      else if (kind !== plain && isGuarded(kind, isStart, isArmed)) into[length++] = apostrophe;
      if (kind !== doubled) isArmed = kind >= skipped;
      isStart = false;
      into[length++] = byte;
    }
    this.#isStart = isStart;
    this.#isArmed = isArmed;
    return length;
  }

  /** The cell ends. */
  end(): void {
    this.#isStart = true;
    this.#isArmed = false;
  }
}

const plain = 0;
const doubled = 1;
const runs = 2;
/** The first of the three bytes of the characters in full width, and of others. */
const leads = 3;
/** Separates, and is skipped at the start of a cell. */
const skipped = 4;
const separates = 5;
/** What each byte of UTF-8 is here. */
const kinds = new Uint8Array(256).fill(plain);
kinds[quote] = doubled;
for (const char of "=+-@'") kinds[char.charCodeAt(0)] = runs;
for (const char of '\t\r\n') kinds[char.charCodeAt(0)] = skipped;
kinds[0x3b] = separates;
kinds[0xef] = leads;

/** Returns true where an apostrophe goes before a character of this kind. */
function isGuarded(kind: number, isStart: boolean, isArmed: boolean): boolean {
  return kind === runs ? isStart || isArmed : kind === skipped && isStart;
}

function isFullWidth(bytes: Uint8Array, at: number): boolean {
  const last = bytes[at + 2];
  return bytes[at + 1] === 0xbc && (last === 0x9d || last === 0x8b || last === 0x8d || last === 0xa0);
}
