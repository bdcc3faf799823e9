import { createTransport } from 'nodemailer';

import type { Config } from './config.ts';
import { BrokerError } from './errors.ts';
import type { Log } from './log.ts';

const CONNECT_MS = 10_000;
const SEND_MS = 20_000;

/** What is written to somebody with an account, or who wants one. */
export interface Letter {
  to: string;
  subject: string;
  /** Paragraphs of plain text, without mark-up. */
  paragraphs: string[];
  /** Where to go, and what the button says. */
  link?: { url: string; label: string };
  /** The same for the same letter, where it may be sent twice: mail programs know a repeat by it. */
  messageId?: string;
}

/** The way out for mails. */
export interface Mail {
  /** Whether mails leave; otherwise their links are printed in the log. */
  readonly isConfigured: boolean;
  /**
   * Whether mails would leave just now.
   *
   * @throws {MailError} if the server does not answer or does not take us.
   */
  check(): Promise<void>;
  /** @throws {MailError} if the server does not take the letter. */
  send(letter: Letter): Promise<void>;
  close(): void;
}

/** A mail did not go: the form that asked for it is to be sent again. */
export class MailError extends BrokerError {
  readonly code = 'mail_unavailable';
  override readonly retryable = true;
}

/**
 * Sends mails by the server of `config.mailUrl`. Without one the installation is private: whoever runs
 * it finds the links in the log.
 */
export function createMail(config: Pick<Config, 'mailUrl' | 'mailFrom'>, log: Log): Mail {
  if (config.mailUrl === undefined) return logInstead(log);
  const transport = createTransport(
    {
      url: config.mailUrl,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SEND_MS,
    },
    { from: config.mailFrom },
  );
  const orMailError = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (err) {
      throw new MailError(
        'The mail could not be sent, for the mail server does not answer. Nothing was changed: try again in some minutes.',
        { cause: err },
      );
    }
  };
  return {
    isConfigured: true,
    check: () => orMailError(transport.verify()),
    send: (letter) =>
      orMailError(
        transport.sendMail({
          // An address as an object is one address, whatever stands in it.
          to: { name: '', address: letter.to },
          subject: letter.subject,
          text: textOf(letter),
          html: htmlOf(letter),
          messageId: letter.messageId,
          disableFileAccess: true,
          disableUrlAccess: true,
          headers: { 'Auto-Submitted': 'auto-generated' },
        }),
      ),
    close: () => transport.close(),
  };
}

function logInstead(log: Log): Mail {
  return {
    isConfigured: false,
    check: () => Promise.resolve(),
    send({ to, subject, link }) {
      const where = link === undefined ? '' : `: ${link.url}`;
      log.info(`no mail server is set (GLINT_MAIL_URL), so here is "${subject}" for ${to}${where}`);
      return Promise.resolve();
    },
    close: () => undefined,
  };
}

function textOf({ paragraphs, link }: Letter): string {
  const parts = link === undefined ? paragraphs : [...paragraphs, `${link.label}: ${link.url}`];
  return `${parts.join('\n\n')}\n`;
}

function htmlOf({ paragraphs, link }: Letter): string {
  const body = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`);
  if (link !== undefined) {
    const url = escapeHtml(link.url);
    body.push(`<p><a href="${url}">${escapeHtml(link.label)}</a></p>`, `<p>${url}</p>`);
  }
  return `<!doctype html><html lang="en"><body>${body.join('')}</body></html>`;
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}
