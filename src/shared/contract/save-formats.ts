/** `raw` is the bytes of the streams: of one socket and direction as they are, else a tar archive of them. */
export const saveFormats = ['wirebench', 'jsonl', 'csv', 'text', 'html', 'raw', 'pcapng', 'sqlite', 'parquet'] as const;
export type SaveFormat = (typeof saveFormats)[number];

const binaryFormats: ReadonlySet<SaveFormat> = new Set(['wirebench', 'raw', 'pcapng', 'sqlite', 'parquet']);

/** Returns true where the bytes of `format` are no text. A terminal would act on them. */
export function isBinary(format: SaveFormat): boolean {
  return binaryFormats.has(format);
}
