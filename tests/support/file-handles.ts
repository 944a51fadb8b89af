/** A handle for reading a file called `name`, of the form that a host gives. */
export function readHandle(name: string): string {
  return `file:${'r'.repeat(22)}/${name}`;
}

/** A handle for saving a file called `name`, of the form that a host gives. */
export function saveHandle(name: string): string {
  return `save:${'s'.repeat(22)}/${name}`;
}
