/** A file that the engine can read. */
export interface PickedFile {
  /** What calls name it by. */
  readonly handle: string;
  readonly name: string;
}
