import { quoted } from './problem.ts';

/** A mistake that the parser saxes reports: it has no codes, only messages. */
export type SaxesMistake =
  | { readonly [Kind in PlainKind]: { readonly kind: Kind } }[PlainKind]
  | { readonly kind: 'duplicate-attribute'; readonly name: string }
  | { readonly kind: 'unbound-prefix'; readonly prefix: string }
  /** `text` is the message, without its final full stop. */
  | { readonly kind: 'other'; readonly text: string };

type PlainKind = (typeof plainKinds)[keyof typeof plainKinds] | 'unmatched-close-tag' | 'unclosed-tag';

const plainKinds = {
  'attribute without value.': 'missing-value',
  'disallowed character.': 'disallowed-character',
  'document must contain a root element.': 'missing-root',
  'documents may contain only one root.': 'second-root',
  'malformed character entity.': 'malformed-character-reference',
  'malformed comment.': 'malformed-comment',
  'no whitespace between attributes.': 'missing-white-space',
  'text data outside of root node.': 'text-outside-root',
  'the string "]]>" is disallowed in char data.': 'cdata-end-in-text',
  'undefined entity.': 'undefined-entity',
  'unexpected close tag.': 'unexpected-close-tag',
  'unquoted attribute value.': 'unquoted-value',
} as const;

/** Converts `message`, with which saxes calls its method `fail`, to the mistake that it means. */
export function readSaxesMessage(message: string): SaxesMistake {
  if (isPlain(message)) return { kind: plainKinds[message] };
  if (message.startsWith('unmatched closing tag')) return { kind: 'unmatched-close-tag' };
  if (message.startsWith('unclosed tag')) return { kind: 'unclosed-tag' };
  if (message.startsWith('duplicate attribute')) {
    // The name follows the URI of its namespace, which is in braces.
    return { kind: 'duplicate-attribute', name: message.replace(/^duplicate attribute: (?:\{[^}]*\})?|\.$/g, '') };
  }
  if (message.startsWith('unbound namespace prefix')) {
    return { kind: 'unbound-prefix', prefix: message.slice(message.indexOf('"') + 1, message.lastIndexOf('"')) };
  }
  return { kind: 'other', text: message.replace(/\.$/, '') };
}

function isPlain(message: string): message is keyof typeof plainKinds {
  return Object.hasOwn(plainKinds, message);
}

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
