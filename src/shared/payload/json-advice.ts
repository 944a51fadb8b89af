/** Words of other languages, and their counterparts in JSON. */
const replacements: Readonly<Record<string, string>> = {
  True: 'uses `true`',
  TRUE: 'uses `true`',
  False: 'uses `false`',
  FALSE: 'uses `false`',
  None: 'uses `null`',
  Null: 'uses `null`',
  NULL: 'uses `null`',
  nil: 'uses `null`',
  undefined: 'has no undefined value, use `null`',
};

const notNumbers = /^[+-]?(?:nan|inf(?:inity)?)$/i;
const longestShown = 24;

/** Quotes a part of a document for a message: at most 24 characters of it, control characters as code points. */
export function quoted(found: string): string {
  const shown = found.length > longestShown ? `${found.slice(0, longestShown)}…` : found;
  const visible = shown.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (char) => `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `\`${visible}\``;
}

/** Returns the message about `word` in place of a JSON value. */
export function wordAdvice(word: string): string {
  const replacement = Object.hasOwn(replacements, word) ? replacements[word] : undefined;
  if (replacement !== undefined) return `Unexpected ${quoted(word)}: JSON ${replacement}`;
  if (notNumbers.test(word))
    return `Unexpected ${quoted(word)}: JSON has no NaN and no infinity, use \`null\` or a string`;
  if (/^[+-]?\.?\d/.test(word) || /^-/.test(word)) return numberAdvice(word);
  return `Unexpected ${quoted(word)}: text in JSON needs double quotes`;
}

function numberAdvice(word: string): string {
  const wrong = `${quoted(word)} is not a JSON number`;
  if (/^\+/.test(word)) return `${wrong}: it begins with \`+\``;
  if (/^-?0[xob]/i.test(word)) return `${wrong}: only decimal digits are allowed`;
  if (/^-?0\d/.test(word)) return `${wrong}: it begins with a superfluous zero`;
  if (/^-?\d[\d.]*_/.test(word)) return `${wrong}: it contains \`_\``;
  if (/^-?\./.test(word) || /^-?\d+\.(?!\d)/.test(word))
    return `${wrong}: digits are expected on both sides of the point`;
  return wrong;
}
