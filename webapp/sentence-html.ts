const MARKUP = /(<\/?em>)/;
const ENTITY = /&(?:#(\d{1,7})|(amp|lt|gt|quot));/g;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * The sentence of `sherlock_classifications.description`, safe to stand in a page whatever wrote it:
 * of its HTML only emphasis is kept, and closed; everything else shows as text.
 */
export function sentenceHtml(description: string): string {
  let isOpen = false;
  let html = '';
  for (const part of description.split(MARKUP)) {
    if (part === '<em>' && !isOpen) html += part;
    else if (part === '</em>' && isOpen) html += part;
    else if (!MARKUP.test(part)) html += escapeText(part.replace(ENTITY, decoded));
    if (MARKUP.test(part)) isOpen = part === '<em>';
  }
  return isOpen ? `${html}</em>` : html;
}

function decoded(entity: string, code: string | undefined, name: string | undefined): string {
  if (name !== undefined) return NAMED[name];
  const point = Number(code);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : entity;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
