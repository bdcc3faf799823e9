/** Whole numbers that may have more digits than a JavaScript number holds, behind these names. */
const LONG_IDS = /("(?:objectId|diaObjectId)"\s*:\s*)(\d{16,20})(?=\s*[,}])/g;

/**
 * JSON in which ids of objects may be numbers of 64 bits, as Python writes them: they become texts
 * with all their digits. Within a text of JSON no quote stands without a backslash before it, so that
 * only names of fields are met.
 *
 * @throws {SyntaxError} if it is not JSON.
 */
export function parseAnnotationJson(text: string): unknown {
  return JSON.parse(text.replace(LONG_IDS, '$1"$2"'));
}
