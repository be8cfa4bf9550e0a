import { type Answer, html, json } from './answer.js';
import type { PanelRequest } from './request.js';

/** What else is at the panel's address: an add-on's endpoint, a theme's own PHP, and applications in their folders. */
const ENDPOINTS = ['/nic/update', '/ddns/update.php', '/themes/brand/title.php'];
const FOLDERS = /^\/(?:webmail|phpmyadmin)(?:\/|$)/;

/** Tells what reached it, by any method; undefined where the panel itself answers. */
export function foreignPage(request: PanelRequest): Answer | undefined {
  const { method, target, path = '', headers, body } = request;
  if (ENDPOINTS.includes(path)) return html(`${method} ${path}`);
  if (!FOLDERS.test(path)) return undefined;
  const answer = json({ method, target, headers, body: body.toString('latin1') });
  const cookie = target.includes('cookie=') ? { 'set-cookie': target.replace(/^.*cookie=/, '') } : {};
  return { ...answer, headers: { ...answer.headers, ...cookie } };
}
