import { type Answer, html } from './answer.js';
import type { PanelRequest } from './request.js';

/** Parameters that would overwrite variables of the panel; the request dies of them. */
const forbidden = ['s', 's_old', 'conf', 'GLOBALS'];

/** Whether a request dies before it has a session. */
export function overrides(request: PanelRequest): Answer | undefined {
  if (forbidden.some((name) => name in request.query || name in request.fields))
    return html('Internal Error: var override attempt detected');
  return undefined;
}

/** What the panel's own look at a visitor's request finds wrong, before any page runs. */
export function suspicion(request: PanelRequest, loggedIn: boolean): Answer | undefined {
  if (loggedIn || !(looksLikeAttack(request.query) || looksLikeAttack(request.fields))) return undefined;
  return html(
    "<div class='alert alert-danger clear'>Possible attack detected. This action has been logged.</div>",
  );
}

/** A small part of what the panel's rules know; passwords are left alone. */
function looksLikeAttack(fields: PanelRequest['fields']): boolean {
  return Object.entries(fields).some(
    ([name, value]) =>
      name !== 'password' &&
      [value]
        .flat()
        .some((text) => /<\s*script|union\s+select|\.\.\/\.\.\/|javascript:|onerror\s*=/i.test(text)),
  );
}
