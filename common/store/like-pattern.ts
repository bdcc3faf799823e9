/** What LIKE takes for all texts that hold this one, whatever stands in it. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
