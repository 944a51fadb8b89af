/** A file that the engine can read. */
export interface PickedFile {
  readonly path: string;
  readonly name: string;
}
