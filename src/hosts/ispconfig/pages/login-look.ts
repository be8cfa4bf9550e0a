import type { LoginLook } from '../../panel-host.js';
import { around, attribute, hasClass, Markup } from './markup.js';
import { isStaticFile, LOGIN_PATH } from './paths.js';

const KEPT_MS = 600_000;
const FAILURE_KEPT_MS = 10_000;
const PATIENCE_MS = 2_000;
const LOGO = /^data:image\/(?:png|gif|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+$/;

/** Reads the panel's login page, which anybody may see; rejects when there is none. */
type ReadLoginPage = () => Promise<string>;

/**
 * How the panel's login page looks, with the operator's own logo and theme. Looked up now and then only, and given
 * up soon: nobody is to wait for a picture when he wants to enter a code.
 */
export class LoginLooks {
  #known: { readonly until: number; readonly look: Promise<LoginLook> } | undefined;

  of(read: ReadLoginPage): Promise<LoginLook> {
    const now = Date.now();
    if (!this.#known || now >= this.#known.until) {
      const look = withinPatience(read().then(loginLookOf));
      this.#known = { until: now + KEPT_MS, look };
      look.catch(() => {
        this.#known = { until: now + FAILURE_KEPT_MS, look };
      });
    }
    return this.#known.look;
  }
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("The panel's login page takes long")), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Style sheets and logo of a login page: nothing of it that could run, and nothing from elsewhere. */
function loginLookOf(html: string): LoginLook {
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
