/** `raw` is the bytes of the streams: of one socket and direction unchanged, else a tar archive of all. */
export const saveFormats = ['wirebench', 'jsonl', 'csv', 'text', 'html', 'raw', 'pcapng', 'sqlite', 'parquet'] as const;
export type SaveFormat = (typeof saveFormats)[number];

const binaryFormats: ReadonlySet<SaveFormat> = new Set(['wirebench', 'raw', 'pcapng', 'sqlite', 'parquet']);

/** Returns true if `format` is binary. A terminal would interpret its bytes. */
export function isBinary(format: SaveFormat): boolean {
  return binaryFormats.has(format);
}
