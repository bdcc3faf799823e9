/** What a browser does with forms: it keeps cookies, and sends back what the page gave it. */
export interface FormBrowser {
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends a form without looking at its page, with the CSRF token given or none. */
  send(
    path: string,
    fields: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Opens a page and sends the form of it that goes to `action`, with its hidden fields. */
  fill(
    page: string,
    fields: Record<string, string | string[]>,
    action?: string,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

/** A browser without scripts that follows no redirect. */
export function openFormBrowser(siteUrl: string): FormBrowser {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> }) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...init.headers };
    const answer = await fetch(siteUrl + path, { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair.indexOf('=');
      if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  };
  const browser: FormBrowser = {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    send(path, fields, headers = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) {
        for (const each of [value].flat()) body.append(name, each);
      }
      return ask(path, {
        method: 'POST',
        body,
        headers: { origin: siteUrl, 'sec-fetch-site': 'same-origin', ...headers },
      });
    },
    async fill(page, fields, action = page.split('?')[0], headers = {}) {
      const html = await (await browser.get(page)).text();
      const forms = html.match(/<form [^]*?<\/form>/g) ?? [];
      const form = forms.find((each) => each.includes(`action="${action}`));
      if (form === undefined) throw new Error(`${page} has no form to ${action}: ${html}`);
      const hidden: Record<string, string> = {};
      for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
        const name = /name="([^"]*)"/.exec(input)?.[1] ?? '';
        hidden[name] =
          /value="([^"]*)"/
            .exec(input)?.[1]
            .replace(/&#x3D;/g, '=')
            .replace(/&amp;/g, '&') ?? '';
      }
      return browser.send(action, { ...hidden, ...fields }, headers);
    },
  };
  return browser;
}
