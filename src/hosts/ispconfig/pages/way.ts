import type { Context } from 'koa';
import { isOwnPath } from '../../../core/gate/own-path.js';
import { SLOT_HEADER } from '../../../core/gate/slot-header.js';

/** Where a visit starts. */
export const HOME_PATH = '/index.php';

/**
 * Answers with the way to a path of our own origin: 303 for a document. Whatever the panel's shell has asked for by
 * script runs a script in a fragment, and its module change understands `URL_REDIRECT:` only; an answer
 * with another status is ignored by it, and a redirect would paste a whole page into it.
 */
export function sendOn(ctx: Context, path: string): void {
  if (!isOwnPath(path)) throw new Error(`Not a path of our own origin: ${path}`);
  ctx.set('Cache-Control', 'no-store');
  if (!isFragment(ctx)) {
    ctx.status = 303;
    ctx.redirect(path);
    return;
  }
  ctx.status = 200;
  ctx.type = 'html';
  ctx.body =
    ctx.path === '/capp.php' ? `URL_REDIRECT:${path}` : `<script>location.href=${scriptText(path)}</script>`;
}

/** Asked for by the shell's script and not by the browser itself? Our own script follows a redirect. */
export function isFragment(ctx: Context): boolean {
  if (ctx.get(SLOT_HEADER)) return false;
  return ctx.get('X-Requested-With') === 'XMLHttpRequest' || ctx.get('Sec-Fetch-Dest') === 'empty';
}

function scriptText(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
