import type { PayloadFormat } from '#shared/payload/payload.ts';
import { countOf, countText } from '../../ui/text.ts';

/** The texts of edits of whole payloads, of their conversion, and of queries. */
export const documentStrings = {
  edits: {
    label: 'More edits',
    hint: 'Correct it first.',
    notFormatted: (format: PayloadFormat) =>
      `The payload could not be formatted: it is not valid ${format.toUpperCase()}`,
    notMinified: (format: PayloadFormat) =>
      `The payload could not be minified: it is not valid ${format.toUpperCase()}`,
    notSorted: 'The keys could not be sorted: the payload is not valid JSON',
    notConverted: (to: string) => `The payload could not be converted to ${to}`,
    notDecoded: 'The payload could not be decoded',
    notBase64: 'The text is not base64',
    tooLong: 'The document is too long to convert',
  },

  convertDialog: {
    title: (to: string) => `Convert to ${to.toUpperCase()}`,
    intro: 'The converted document will not contain everything. Undo in the editor restores the original.',
    place: (line: number, count: number) =>
      count > 1 ? `line ${line} and ${countText(count - 1)} more` : `line ${line}`,
    convert: 'Convert',
    cancel: 'Cancel',
  },

  query: {
    xpath: 'Find by XPath',
    jsonPath: 'Find by JSON path',
    xpathLabel: 'XPath',
    jsonPathLabel: 'JSON path',
    xpathHelp: 'For example //item[@id="7"]/name or count(//item)',
    jsonPathHelp: 'For example $.items[0].name, $.items[*].id or $..id',
    running: 'Searching…',
    found: (count: number, isCut: boolean) =>
      isCut ? `First ${countOf(count, 'result')}` : count === 0 ? 'No results' : countOf(count, 'result'),
    results: 'Results',
    close: 'Close',
    invalid: (line: number, column: number, reason: string) =>
      `The payload has an error in line ${line}, column ${column}: ${reason}`,
    failed: (reason: string) => `Invalid query: ${reason}`,
    limits: {
      time: 'The query takes too long.',
      size: 'The payload or the query is too long.',
      depth: 'The payload is nested too deeply.',
    },
    broken: 'The query ended with an internal error.',
  },
} as const;
