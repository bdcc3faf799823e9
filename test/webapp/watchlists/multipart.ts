import type { LoggedIn } from '../log-in.ts';

/** A form with files as the browser of somebody sends it; redirects are answers. */
export function sendForm(
  url: string,
  { cookie, csrfToken }: Pick<LoggedIn, 'cookie' | 'csrfToken'>,
  fields: Record<string, string>,
  files: Record<string, { name: string; content: Uint8Array<ArrayBuffer> | string }> = {},
): Promise<Response> {
  const form = new FormData();
  form.append('_csrf', csrfToken);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [field, { name, content }] of Object.entries(files)) {
    form.append(field, new Blob([content]), name);
  }
  return fetch(url, {
    method: 'POST',
    headers: { cookie, origin: new URL(url).origin },
    body: form,
    redirect: 'manual',
  });
}

/** The fields of the form that makes a list, as one fills it in. */
export const SETTINGS = { name: 'hosts', description: '', radius: '5', active: '1' };
