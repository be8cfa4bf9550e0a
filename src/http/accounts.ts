import type { Context } from 'koa';
import { type AccountKey, REALMS } from '../core/account/account.js';
import type { AccountState } from '../core/admin/account-state.js';
import type { AdminRefusal } from '../core/admin/administration.js';
import { queryParameter } from '../core/base/query.js';
import { SLOT_HEADER } from '../core/gate/slot-header.js';
import { encodedName, readableName } from '../input/mail-name.js';
import { formOf } from './forms.js';
import { showFramed } from './framed.js';
import { type FormPage, once } from './once.js';
import { PageError } from './page-error.js';
import type { Refusal } from './refusals.js';
import { type SavedUserEdit, saveUserEdit } from './saves.js';
import type { Services } from './services.js';
import { showSlotPage } from './slot-page.js';
import type { Slots } from './slots.js';
import type { SessionVisitor } from './visitor.js';

const PAGE_SIZES = [5, 15, 25, 50, 100];
const DEFAULT_PAGE_SIZE = 15;
const LONGEST_QUERY = 100;
const FORM = 'twofa-account';

/** The admin's pages: all accounts of both realms, and one account with its switch. */
export class AccountsPages {
  readonly save: FormPage<SessionVisitor>;
  readonly #services: Services;
  readonly #slots: Slots;

  constructor(services: Services, slots: Slots) {
    this.#services = services;
    this.#slots = slots;
    this.save = once(
      services,
      (ctx, visitor: SessionVisitor) => saveUserEdit(services, visitor, keyOf(ctx), formOf(ctx)),
      this.#saved.bind(this),
    );
  }

  async list(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const { views, requires } = this.#services;
    const t = views.translate(views.language(ctx, visitor.session.account));
    const query = parameter(ctx, 'q').slice(0, LONGEST_QUERY);
    const size = PAGE_SIZES.find((known) => String(known) === parameter(ctx, 'size')) ?? DEFAULT_PAGE_SIZE;
    const wanted = /^[1-9]\d{0,5}$/.test(parameter(ctx, 'page')) ? Number(parameter(ctx, 'page')) : 1;
    const found = await this.#search(query, wanted, size);
    const pages = Math.max(1, Math.ceil(found.total / size));
    const page = Math.min(wanted, pages);
    const { rows, total } = page === wanted ? found : await this.#search(query, page, size);
    await showFramed(this.#services, ctx, visitor, 'accounts', {
      title: t('accounts.title'),
      rows: rows.map((row) => ({ ...row, required: requires(row.account) })),
      total,
      query,
      page,
      pages,
      size,
      sizes: PAGE_SIZES,
    });
  }

  /** Addresses in other scripts are kept encoded; somebody may search for part of what he reads. */
  async #search(query: string, page: number, size: number) {
    const { administration } = this.#services;
    const found = await administration.overview(query, page, size);
    const encoded = encodedName(query);
    return found.total > 0 || encoded === query ? found : administration.overview(encoded, page, size);
  }

  async show(ctx: Context, visitor: SessionVisitor): Promise<void> {
    await this.#render(ctx, visitor, keyOf(ctx));
  }

  async #saved(ctx: Context, visitor: SessionVisitor, { refusal }: SavedUserEdit): Promise<void> {
    const { host, mount } = this.#services;
    const key = keyOf(ctx);
    if (refusal || ctx.get(SLOT_HEADER)) return this.#render(ctx, visitor, key, refusal);
    host.sendTo(ctx, `${mount}/accounts/${key.realm}/${encodeURIComponent(key.id)}`);
  }

  async #render(ctx: Context, visitor: SessionVisitor, key: AccountKey, refusal?: Refusal): Promise<void> {
    const state = managed(await this.#services.administration.show(visitor, key));
    await showSlotPage(this.#services, ctx, visitor, {
      template: 'account',
      form: FORM,
      slotFor: (form) => this.#slots.userEdit(ctx, visitor, form, state, refusal),
      data: { title: readableName(state.account.name), state },
      refusal,
    });
  }
}

/** An account its visitor may manage, or the error page that says why not. */
export function managed(state: AccountState | AdminRefusal): AccountState {
  if (!('kind' in state)) return state;
  if (state.kind === 'unknown-account') throw new PageError(404, 'refusal.unknown-account');
  throw new PageError(403, state.kind === 'impersonating' ? 'refusal.impersonating' : 'refusal.not-allowed');
}

function keyOf(ctx: Context): AccountKey {
  const { realm, id } = ctx.params as { realm: string; id: string };
  const known = REALMS.find((name) => name === realm);
  if (!known || id.length > 64) throw new PageError(404, 'refusal.unknown-account');
  return { realm: known, id };
}

function parameter(ctx: Context, name: string): string {
  return queryParameter(ctx.querystring, name) ?? '';
}
