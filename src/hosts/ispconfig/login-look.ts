import type { LoginLook } from '../panel-host.js';
import { around, attribute, hasClass, Markup } from './markup.js';
import { isStaticFile, LOGIN_PATH } from './paths.js';

const KEPT_MS = 600_000;
const LOGO = /^data:image\/(?:png|gif|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+$/;

/** Reads the panel's login page, which anybody may see; rejects when there is none. */
export type ReadLoginPage = () => Promise<string>;

/** How the panel's login page looks, with the operator's own logo and theme. Looked up now and then only. */
export class LoginLooks {
  #known: { readonly at: number; readonly look: LoginLook } | undefined;

  async of(read: ReadLoginPage): Promise<LoginLook> {
    const now = Date.now();
    if (!this.#known || now - this.#known.at > KEPT_MS)
      this.#known = { at: now, look: loginLookOf(await read()) };
    return this.#known.look;
  }
}

/** Style sheets and logo of a login page: nothing of it that could run, and nothing from elsewhere. */
export function loginLookOf(html: string): LoginLook {
  const page = new Markup(html, 'document');
  const sheets = page
    .all((element) => element.tagName === 'link' && attribute(element, 'rel') === 'stylesheet')
    .map((element) => pathOf(attribute(element, 'href') ?? ''))
    .filter((path): path is string => path !== undefined);
  const image = page.find(
    (element) =>
      element.tagName === 'img' && around(element, (box) => hasClass(box, 'panel-heading')) !== undefined,
  );
  const logo = image && attribute(image, 'src');
  return { styleSheets: sheets, ...(logo && LOGO.test(logo) && { logo }) };
}

const BASE = new URL(LOGIN_PATH, 'http://panel.invalid');

function pathOf(href: string): string | undefined {
  const url = URL.canParse(href, BASE.href) ? new URL(href, BASE) : undefined;
  if (!url || url.origin !== BASE.origin || !isStaticFile(url.pathname)) return undefined;
  return url.pathname + url.search;
}
