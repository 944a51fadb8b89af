/** What has come of a message whose end has not come yet. */
export interface Incomplete {
  /** Bytes of it so far, framing included. */
  readonly bytes: number;
  /** Bytes that it still lacks by what it says itself; 0 where the framing does not know. */
  readonly missing: number;
  /** The header that says how long the message is, where a framing has named lengths: `Content-Length`. */
  readonly header?: { readonly bytes: number; readonly lengthName: string } | undefined;
}

/** Returns how much of a message has come and how much is missing, in words. `count` writes a number. */
export function incompleteText(
  { bytes, missing, header }: Incomplete,
  count: (value: number) => string = String,
): string {
  const size = (value: number) => `${count(value)} ${value === 1 ? 'byte' : 'bytes'}`;
  if (missing === 0) return `an incomplete message of ${size(bytes)}`;
  const whole = bytes + missing;
  const said = header ? ` (${count(header.bytes)} of header, ${header.lengthName} ${count(whole - header.bytes)})` : '';
  return `${count(bytes)} of ${size(whole)} received${said}; ${count(missing)} missing`;
}
