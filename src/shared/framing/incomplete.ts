/** What has come of a message whose end has not come yet. */
export interface Incomplete {
  /** Bytes of it so far, framing included. */
  readonly bytes: number;
  /** Bytes that it still lacks by what it says itself; 0 where the framing does not know. */
  readonly missing: number;
}

/** Says what is waited for, in words. `count` writes a number. */
export function incompleteText({ bytes, missing }: Incomplete, count: (value: number) => string = String): string {
  const size = (value: number) => `${count(value)} ${value === 1 ? 'byte' : 'bytes'}`;
  if (missing === 0) return `an incomplete message of ${size(bytes)}`;
  const more = `${count(missing)} more ${missing === 1 ? 'byte' : 'bytes'}`;
  return `waiting for ${more} of a message that claims ${count(bytes + missing)}`;
}
