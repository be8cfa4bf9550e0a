import type { Context } from 'koa';
import { type Account, type Place, queryParameter, type Slot } from '../../index.js';
import { type Fields, field } from '../forms.js';
import { LANGUAGES, type Language } from '../messages.js';
import { type NewPasswordRefusal, newPassword, SHORTEST_PASSWORD } from '../new-password.js';
import { ownForm, type Panel, seeOther, showPage, visitorOf } from '../panel.js';
import { PanelError } from '../panel-error.js';
import { hashPassword, LONGEST_PASSWORD, withOwnPlace } from '../passwords.js';
import { ownerOf, sessionOf } from '../session-data.js';

const FORM = 'settings-form';

/** The two pages where somebody keeps his own account. They differ in what can be set beside the password. */
interface OwnPage {
  readonly realm: Account['realm'];
  readonly slot: 'settings' | 'password';
  readonly title: 'settings.title' | 'mail-password.title';
  readonly back: string;
}

const PAGES: Readonly<Record<string, OwnPage>> = {
  '/tools/user_settings': { realm: 'user', slot: 'settings', title: 'settings.title', back: '/' },
  '/mailuser/password': {
    realm: 'mailuser',
    slot: 'password',
    title: 'mail-password.title',
    back: '/mailuser/overview',
  },
};

interface Shown {
  readonly slot?: Slot;
  readonly refused?: NewPasswordRefusal | 'refusal.language';
}

export async function showSettings(panel: Panel, ctx: Context): Promise<void> {
  await render(panel, ctx, {});
}

/** Save: first what two-factor authentication has to say, and the panel's own part only when that was done. */
export async function saveSettings(panel: Panel, ctx: Context): Promise<void> {
  const visitor = await visitorOf(panel, ctx);
  const page = pageOf(ctx, visitor.account);
  const fields = ownForm(panel, ctx, visitor);
  const { password, refused } = newPassword(fields);
  if (refused) return render(panel, ctx, { refused });
  const language = languageOf(fields);
  if (page.realm === 'user' && !language) return render(panel, ctx, { refused: 'refusal.language' });
  const outcome = await panel.plugin()?.save(ctx, { slot: page.slot, form: FORM }, fields);
  if (outcome && !outcome.saved) return render(panel, ctx, { slot: outcome.slot });
  const { realm, id: accountId } = visitor.account;
  const make = (place: Place) => hashPassword(password as string, place);
  const hash = password && (await withOwnPlace(`${realm}:${accountId}`, make));
  const id = Number(accountId);
  if (page.realm === 'mailuser') {
    if (hash) await panel.people.changeMailPassword(id, hash);
  } else {
    await panel.people.changeUser(id, { ...(language && { language }), ...(hash && { password: hash }) });
  }
  const session = sessionOf(ctx);
  if (hash && session && ctx.session?.externalKey) {
    await panel.sessions.destroyOthers(ownerOf(session), ctx.session.externalKey);
  }
  seeOther(ctx, `${ctx.path}?saved=1`);
}

async function render(panel: Panel, ctx: Context, { slot: given, refused }: Shown): Promise<void> {
  const visitor = await visitorOf(panel, ctx);
  const { account, csrf } = visitor;
  const page = pageOf(ctx, account);
  const language = panel.views.language(ctx, account.language);
  const t = panel.views.translate(language);
  const slot = given ?? (await panel.plugin()?.slot(ctx, { slot: page.slot, form: FORM }));
  if (given || refused) ctx.status = 422;
  const html = panel.views.render('settings', language, {
    title: t(page.title),
    action: ctx.path,
    alert:
      refused &&
      t(refused, { count: refused === 'refusal.password-long' ? LONGEST_PASSWORD : SHORTEST_PASSWORD }),
    saved: queryParameter(ctx.querystring, 'saved') !== undefined,
    csrf,
    shortest: SHORTEST_PASSWORD,
    slot: slot?.html ?? '',
    back: page.back,
    ...(page.realm === 'user' ? { languages: LANGUAGES, own: language } : { email: account.name }),
  });
  await showPage(panel, ctx, visitor, { title: t(page.title), html, forms: slot?.forms ?? '' });
}

function pageOf(ctx: Context, account: Account): OwnPage {
  const page = PAGES[ctx.path];
  if (page?.realm !== account.realm) throw new PanelError(403, 'A page of the other realm');
  return page;
}

function languageOf(fields: Fields): Language | undefined {
  return LANGUAGES.find((known) => known === field(fields, 'language'));
}
