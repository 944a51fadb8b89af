/** True for no filter and for one that every record matches: nothing needs to be parsed or searched then. */
export function isEmpty(filter: string | undefined): filter is undefined {
  return filter === undefined || filter.trim() === '';
}
