import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../common/project-root.ts';

const GUIDE = join(projectRoot, 'docs', 'sql.md');

/** A part of the guide, for the list at its side. */
export interface GuideHeading {
  anchor: string;
  title: string;
}

/** The guide to the language as a page: `docs/sql.md`. */
export interface Guide {
  headings: GuideHeading[];
  html: string;
}

/** Reads the guide; undefined in an installation without its documents. */
export function readGuide(): Guide | undefined {
  return existsSync(GUIDE) ? guideHtml(readFileSync(GUIDE, 'utf8')) : undefined;
}

/**
 * Markdown as the documents use it: headings, paragraphs, lists, tables, fenced code, and within
 * lines code, bold, emphasis and links. Everything else comes out as text. A fenced `sql` block is
 * followed by a link that runs it.
 */
export function guideHtml(markdown: string): Guide {
  const headings: GuideHeading[] = [];
  const html: string[] = [];
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  let i = 0;
  const takeWhile = (belongs: (line: string) => boolean) => {
    const from = i;
    while (i < lines.length && belongs(lines[i])) i++;
    return lines.slice(from, i);
  };
  while (i < lines.length) {
    const line = lines[i];
    const heading = /^(#{1,4}) (.+)$/.exec(line);
    if (line.trim() === '') i++;
    else if (heading !== null) {
      i++;
      const [, { length: level }, title] = heading;
      // The page itself has the first heading.
      if (level === 1) continue;
      const anchor = anchorOf(title);
      if (level === 2) headings.push({ anchor, title: plain(title) });
      html.push(`<h${level} id="${anchor}">${inline(title)}</h${level}>`);
    } else if (line.startsWith('```')) {
      i++;
      const code = takeWhile((each) => !each.startsWith('```')).join('\n');
      i++;
      html.push(codeBlock(code, line.slice(3).trim()));
    } else if (line.startsWith('|')) {
      html.push(table(takeWhile((each) => each.startsWith('|'))));
    } else if (ITEM.test(line)) {
      html.push(list(takeWhile((each) => ITEM.test(each) || /^\s+\S/.test(each))));
    } else {
      const paragraph = takeWhile(
        (each) => each.trim() !== '' && !/^(#{1,4} |```|\|)/.test(each) && !ITEM.test(each),
      );
      html.push(`<p>${inline(paragraph.join(' '))}</p>`);
    }
  }
  return { headings, html: html.join('\n') };
}

const ITEM = /^(?:[-*]|\d+\.) /;

function codeBlock(code: string, language: string): string {
  const block = `<pre tabindex="0"><code>${escapeHtml(code)}</code></pre>`;
  if (!language.startsWith('sql')) return block;
  const survey = /\b(diaObjectId|diaSources|lsst\.)/.test(code) ? 'lsst' : 'ztf';
  const address = `/query/?${new URLSearchParams({ survey, sql: code, edit: '1' }).toString()}`;
  return `<div class="runnable">${block}<a href="${escapeHtml(address)}">Open in the editor</a></div>`;
}

function list(lines: string[]): string {
  const items: string[] = [];
  for (const line of lines) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  const tag = /^\d/.test(lines[0]) ? 'ol' : 'ul';
  return `<${tag}>${items.map((item) => `<li>${inline(item)}</li>`).join('')}</${tag}>`;
}

function table(lines: string[]): string {
  const rows = lines.map(cells);
  const [head, rule, ...body] = rows;
  const isHeaded = rule !== undefined && rule.every((cell) => /^:?-+:?$/.test(cell));
  const row = (tag: string) => (each: string[]) =>
    `<tr>${each.map((cell) => `<${tag}>${inline(cell)}</${tag}>`).join('')}</tr>`;
  const bodyRows = (isHeaded ? body : rows).map(row('td')).join('');
  const headRow = isHeaded ? `<thead>${row('th')(head)}</thead>` : '';
  return `<div class="table-wrap" tabindex="0" role="region" aria-label="Table"><table class="table">${headRow}<tbody>${bodyRows}</tbody></table></div>`;
}

/** Cells are told apart by bars that no backslash and no code span hides. */
function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Code first: nothing in it is markup. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`') && part.length > 1
        ? `<code>${escapeHtml(part.slice(1, -1))}</code>`
        : escapeHtml(part)
            .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, link)
            .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
            .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, '<em>$1</em>'),
    )
    .join('');
}

/** Links within the page and the site, and to addresses; those to other documents are text. */
function link(_whole: string, text: string, target: string): string {
  return /^(https?:\/\/|\/|#)/.test(target) ? `<a href="${target}">${text}</a>` : text;
}

function anchorOf(title: string): string {
  return plain(title)
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s+/g, '-');
}

function plain(title: string): string {
  return title.replace(/[`*]/g, '');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
