import { quoted } from './json-advice.ts';
import type { SaxesMistake } from './saxes-messages.ts';

/** A mistake that is reported at the character where the parser stopped. */
type MistakeAtCharacter = Exclude<
  SaxesMistake,
  {
    kind:
      | 'undefined-entity'
      | 'unexpected-close-tag'
      | 'unmatched-close-tag'
      | 'unclosed-tag'
      | 'text-outside-root'
      | 'duplicate-attribute'
      | 'unbound-prefix';
  }
>;

/** Returns the mistake as a sentence for the user. `found` is the character at which the parser stopped. */
export function xmlSentence(mistake: MistakeAtCharacter, found: string): string {
  switch (mistake.kind) {
    case 'disallowed-character':
      return found === '<'
        ? 'Unexpected `<`: in a value it is written `&lt;`'
        : `Unexpected ${quoted(found)}: XML does not allow this character`;
    case 'other':
      return mistake.text.slice(0, 1).toUpperCase() + mistake.text.slice(1);
    default:
      return sentences[mistake.kind];
  }
}

const sentences = {
  'malformed-comment': 'A comment may not contain `--`',
  'missing-root': 'Missing root element',
  'second-root': 'Second root element: a document has only one',
  'cdata-end-in-text': '`]]>` in text is written `]]&gt;`',
  'unquoted-value': 'The value of an attribute must be in quotes',
  'missing-value': 'Missing value of an attribute',
  'missing-white-space': 'White space is expected between attributes',
  'malformed-character-reference': 'This character reference is not an XML character',
} as const;
