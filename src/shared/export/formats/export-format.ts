/** What is chosen of a session, as far as it decides about the file. */
interface Choice {
  readonly sockets?: readonly number[] | undefined;
  readonly direction?: 'in' | 'out' | undefined;
}

/** A switch that only some formats have. */
export interface ExportOption {
  /** Its name in the contract; the command line's is the same with dashes. */
  readonly name: string;
  readonly label: string;
  /** What happens while it is off. */
  readonly help: string;
  /** What it does, for the help of the command line. */
  readonly effect: string;
}

/**
 * One format in which a session can be exported. Its descriptor here, its writer in src/main/session/convert/export/formats and a line in
 * each catalogue are all there is to add: the contract, the dialog, the command line and the docs derive from them.
 */
export interface ExportFormat {
  /** In the contract and on the command line. */
  readonly name: string;
  readonly label: string;
  /** One line: what the file is for. */
  readonly help: string;
  readonly extension: string;
  /** What is in the file, and what reads it, for the docs. */
  readonly holds: string;
  readonly readers: string;
  /** The bytes are not text: a terminal would interpret them. */
  readonly isBinary: boolean;
  /** Why it cannot be written to a pipe, where it cannot. */
  readonly needsFile?: string;
  readonly options?: readonly ExportOption[];
  /** What is written, where that depends on the choice: a note, and another extension. */
  fileOf?(choice: Choice): { readonly note: string; readonly extension: string };
}

/** Returns true where the chosen records are one stream: one direction of one socket. */
export function isOneStream({ sockets, direction }: Choice): boolean {
  return sockets?.length === 1 && direction !== undefined;
}
