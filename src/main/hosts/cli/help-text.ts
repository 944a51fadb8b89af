/** Maximum width of a line, without its indentation. */
const maxColumns = 110;

/** Breaks `text` at spaces into lines for the notes of a help text. */
export function wrapHelp(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= maxColumns) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n  ');
}

/** Returns the description of a command as a sentence, for the start of its help. */
export function descriptionSentence(description: string): string {
  const text = `${description.slice(0, 1).toUpperCase()}${description.slice(1)}`;
  return text === '' || text.endsWith('.') ? text : `${text}.`;
}
