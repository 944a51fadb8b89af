import { formats } from './formats/catalogue.ts';
import type { ExportFormat, ExportOption } from './formats/export-format.ts';

export type SaveFormat = (typeof formats)[number]['name'];

type OptionsOf<Format> = Format extends { readonly options: readonly { readonly name: infer Name }[] } ? Name : never;
type ExportOptionName = OptionsOf<(typeof formats)[number]>;
/** The switches that some formats have; a format takes no notice of those of others. */
export type ExportOptions = { readonly [Name in ExportOptionName]?: boolean | undefined };

/** A format, under one of their names. */
interface NamedFormat extends ExportFormat {
  readonly name: SaveFormat;
  readonly options?: readonly (ExportOption & { readonly name: ExportOptionName })[];
}

/** Every format in which a session can be exported, in the order of the catalogue. */
export const exportFormats: readonly NamedFormat[] = formats;

/** The names of the formats. */
export const saveFormats: readonly SaveFormat[] = formats.map(({ name }) => name);

/** The names of the switches of all formats. */
export const exportOptionNames: readonly ExportOptionName[] = exportFormats.flatMap(({ options = [] }) =>
  options.map(({ name }) => name),
);

const byName = new Map<string, NamedFormat>(exportFormats.map((format) => [format.name, format]));

/** Returns the descriptor of a format. */
export function exportFormatOf(name: SaveFormat): NamedFormat {
  const format = byName.get(name);
  if (!format) throw new Error(`no export format ${name}`);
  return format;
}
