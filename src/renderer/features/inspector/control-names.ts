const names: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r' };

/**
 * Names a character that cannot be seen: `\n` and `\x1b` as programmers write them, `U+202E` above ASCII. Unicode has
 * symbols for control characters, but many fonts lack them.
 */
export function controlName(char: string): string {
  const code = char.charCodeAt(0);
  if (code > 0x7f) return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return names[code] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}
