/** A file that the engine can read. */
export interface PickedFile {
  /** The reference used in calls. */
  readonly handle: string;
  readonly name: string;
}
