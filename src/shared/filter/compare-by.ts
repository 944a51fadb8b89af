export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Returns `left op right`; compares texts by their UTF-16 units. */
export function compareBy<T extends number | string>(op: Comparison, left: T, right: T): boolean {
  switch (op) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
