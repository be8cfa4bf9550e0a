import { code } from '../oathtool.js';
import { escapeHtml } from './answer.js';
import { textOf } from './fields.js';
import { field, selectOf } from './form-page.js';
import type { PhpArray } from './php-session.js';
import { userIdOf, type Visit } from './visit.js';

/** What comes back for a secret that is there. */
const SET = '(already_set)';

/** The secret that the panel keeps, in clear. */
export function secretIn(otpData: unknown): string | undefined {
  return /"totp_secret":"([^"]*)"/.exec(String(otpData ?? ''))?.[1];
}

/** Is it a code of this secret, of now or of two steps around it? The same one serves again. */
export function isTotp(secret: string | undefined, typed: string): boolean {
  if (!secret || !/^\d{6}$/.test(typed)) return false;
  const now = Date.now() / 1000;
  return [-2, -1, 0, 1, 2].some((step) => code(secret, { at: now + step * 30 }) === typed);
}

/** Takes a new secret with the other settings, if a code of it came with it; `wrong` and nothing is saved when not. */
export async function saveSecret({ database, request }: Visit, user: PhpArray): Promise<'saved' | 'wrong'> {
  const secret = textOf(request.fields, 'totp_secret');
  if (textOf(request.fields, 'otp_type') !== 'totp' || secret === '' || secret === SET) return 'saved';
  if (!isTotp(secret, textOf(request.fields, 'totp_verification_code'))) return 'wrong';
  const data = JSON.stringify({ totp_secret: secret });
  await database.query('UPDATE sys_user SET otp_data = ? WHERE userid = ?', [data, userIdOf(user)]);
  return 'saved';
}

/**
 * The select, a second green button that resets the secret, and the form for a new one: all within one field, and a script
 * at the end that runs once when the page is put in.
 */
export function totpField(label: string, value: string, kinds: readonly string[], otpData: unknown): string {
  const secret = secretIn(otpData) === undefined ? '' : SET;
  const select = selectOf('otp_type', value, kinds, ' onchange="standInTotp()"');
  return `${field(
    'otp_type',
    label,
    `${select}
<button class="btn btn-default formbutton-success" type="button" id="reset_totp_button" onclick="standInNewSecret()" style="display: none">Reset TOTP secret</button>
<div id="totp-form" style="display: none"><input type="hidden" id="totp_secret" name="totp_secret" value="${escapeHtml(secret)}">
<div id="url_placeHolder"></div>
<input type="text" name="totp_verification_code" id="totp_verification_code" class="form-control" autocomplete="off"></div>`,
  )}
<script>
function standInTotp() {
  const byId = (id) => document.getElementById(id);
  const chosen = byId('otp_type').value === 'totp';
  const isSet = byId('totp_secret').value === '${SET}';
  byId('reset_totp_button').style.display = chosen && isSet ? '' : 'none';
  if (chosen && !isSet) standInNewSecret();
  else byId('totp-form').style.display = 'none';
}
function standInNewSecret() {
  const letters = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]);
  document.getElementById('totp_secret').value = letters.join('');
  document.getElementById('url_placeHolder').textContent = 'Secret: ' + letters.join('');
  document.getElementById('totp-form').style.display = '';
}
standInTotp();
</script>`;
}
