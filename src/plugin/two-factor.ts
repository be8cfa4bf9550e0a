import type { Context, Middleware } from 'koa';
import compose from 'koa-compose';
import { type AccountKey, keyText } from '../core/account/account.js';
import type { OpeningProofs } from '../core/account/opening-proofs.js';
import { askerOf } from '../core/audit/visit.js';
import type { Asker } from '../core/base/lane.js';
import type { RateLimiter } from '../core/base/limiter.js';
import type { LoginNotice } from '../hosts/panel-host.js';
import type { MenuEntry, OwnSlotRequest, SaveOutcome, Slot, SlotRequest } from '../hosts/slot.js';
import { managed } from '../http/accounts.js';
import { addressBucket } from '../http/address.js';
import type { Assets } from '../http/assets.js';
import { asPageError, errorPages } from '../http/error-pages.js';
import { formLimit } from '../http/form-limit.js';
import type { Fields } from '../http/forms.js';
import { gate } from '../http/gate.js';
import { noticeText } from '../http/login-notice.js';
import { ownAddress } from '../http/own-address.js';
import { requireOwnForm } from '../http/own-form.js';
import { ownPages } from '../http/own-pages.js';
import { PageError } from '../http/page-error.js';
import { saveSettings, saveUserEdit, unfinishedSave } from '../http/saves.js';
import type { Services } from '../http/services.js';
import { Slots } from '../http/slots.js';
import { type SessionVisitor, Visitors } from '../http/visitor.js';
import type { Manifest } from './manifest.js';

/** The plugin as a panel holds it. */
export interface TwoFactor {
  /** The gate and our own pages. Goes behind the panel's session and before its routes. */
  readonly middleware: Middleware;
  /** Turns what is thrown behind it, by the gate too, into our error page. For a panel without such pages. */
  readonly errorPages: Middleware;
  /** Buckets shared by all nodes, for limits of the panel's own. */
  readonly limiter: RateLimiter;
  /** For a host whose sessions do not prove who was there before "login as". */
  readonly openings: OpeningProofs;
  /** By whom this request is counted: by its client, and by its actor when the gate has asked who it is. */
  askerOf(ctx: Context): Promise<Asker>;
  /** Must this account not get in with its password alone: it has a factor, or has to have one? Rejects when a database cannot be read. */
  needsCode(key: AccountKey): Promise<boolean>;
  /** Renders a slot for the session of this request. This and what follows reject with an error that has a `status`. */
  slot(ctx: Context, request: SlotRequest): Promise<Slot>;
  /** The `forms` of the settings and password slots alone, for a shell that is there before its pages. */
  forms(ctx: Context): Promise<string>;
  /**
   * Carries out what the fields of a slot ask for, when the panel's own Save is pressed. The panel saves
   * its own part only after `saved: true`; otherwise it shows its page again with the slot given.
   * `fields` are the parsed fields of the page's form.
   */
  save(ctx: Context, request: SlotRequest, fields: Fields): Promise<SaveOutcome>;
  /** Entries for the panel's menu that this session may open. */
  menu(ctx: Context): Promise<readonly MenuEntry[]>;
  /** The way to our standalone settings page, which needs no page of the panel. */
  settingsEntry(ctx: Context): Promise<MenuEntry>;
  /** The way out of a login that a step of the panel keeps back, for the page of that step. */
  leaveEntry(ctx: Context): Promise<MenuEntry>;
  /** Removes our cookie for a session that has ended. */
  forget(ctx: Context): void;
  /** Why somebody is on the login page, in a sentence in the language of the browser. */
  notice(ctx: Context, notice: LoginNotice): string;
  /** Closes the stores. Stop taking requests first; may be called twice. */
  close(): Promise<void>;
}

/** The plugin on its services. */
export class MountedTwoFactor implements TwoFactor {
  readonly middleware: Middleware;
  readonly errorPages: Middleware;
  readonly limiter: RateLimiter;
  readonly openings: OpeningProofs;
  readonly close: () => Promise<void>;
  readonly #services: Services;
  readonly #menuEntries: Manifest['menu'];
  readonly #visitors: Visitors;
  readonly #slots: Slots;

  constructor(services: Services, assets: Assets, menu: Manifest['menu'], close: () => Promise<void>) {
    this.#services = services;
    this.#menuEntries = menu;
    this.#visitors = new Visitors(services);
    this.#slots = new Slots(services);
    const pages = ownPages(services, this.#visitors, this.#slots, assets);
    this.middleware = compose([ownAddress(services), gate(services, this.#visitors, pages)]);
    this.errorPages = errorPages(services.views);
    this.limiter = services.limiter;
    this.openings = services.openings;
    this.close = close;
  }

  async askerOf(ctx: Context): Promise<Asker> {
    const visitor = await this.#visitors.known(ctx);
    return visitor && 'actorFactor' in visitor ? askerOf(visitor) : { client: addressBucket(ctx.ip) };
  }

  async needsCode(key: AccountKey): Promise<boolean> {
    const { factors, host, requires } = this.#services;
    if ((await factors.find(key)).kind === 'active') return true;
    const account = await host.accounts.find(key);
    return account !== undefined && requires(account);
  }

  slot(ctx: Context, request: SlotRequest): Promise<Slot> {
    return forPanel(() => this.#slot(ctx, request));
  }

  forms(ctx: Context): Promise<string> {
    return forPanel(async () => {
      await this.#visitor(ctx);
      return this.#slots.settingsForms();
    });
  }

  save(ctx: Context, request: SlotRequest, fields: Fields): Promise<SaveOutcome> {
    return forPanel(() => this.#save(ctx, request, fields));
  }

  menu(ctx: Context): Promise<readonly MenuEntry[]> {
    return forPanel(() => this.#menu(ctx));
  }

  async #slot(ctx: Context, request: SlotRequest): Promise<Slot> {
    const visitor = await this.#visitor(ctx);
    if (request.slot !== 'user-edit') return this.#ownSlot(ctx, visitor, request);
    const state = managed(await this.#services.administration.show(visitor, request.account));
    return this.#slots.userEdit(ctx, visitor, request.form, state);
  }

  async #ownSlot(ctx: Context, visitor: SessionVisitor, request: OwnSlotRequest): Promise<Slot> {
    const { panelKind, form } = request;
    const settled = panelKind ? await this.#services.handover.settle(visitor, panelKind) : 'none';
    return this.#slots.settings(ctx, visitor, form, settled === 'none' ? undefined : { settled });
  }

  async #save(ctx: Context, request: SlotRequest, fields: Fields): Promise<SaveOutcome> {
    const services = this.#services;
    const visitor = await this.#visitor(ctx);
    const { session } = visitor;
    const form = { path: ctx.path, fields };
    if (request.slot !== 'user-edit') {
      requireOwnForm(services, ctx, session, 'settings', fields);
      await formLimit(services, visitor);
      const done = await services.acts.once(session, form, () => saveSettings(services, visitor, fields));
      if (done.saved) this.#visitors.clear(ctx, session, done.saved);
      if (!done.refusal) return { saved: true };
      const shown = unfinishedSave(done.refusal, fields);
      return { saved: false, slot: await this.#slots.settings(ctx, visitor, request.form, shown) };
    }
    const { account } = request;
    requireOwnForm(services, ctx, session, `account/${keyText(account)}`, fields);
    await formLimit(services, visitor);
    const { refusal } = await services.acts.once(session, form, () =>
      saveUserEdit(services, visitor, account, fields),
    );
    if (!refusal) return { saved: true };
    const state = managed(await services.administration.show(visitor, account));
    return { saved: false, slot: await this.#slots.userEdit(ctx, visitor, request.form, state, refusal) };
  }

  async #menu(ctx: Context): Promise<readonly MenuEntry[]> {
    const { mount, views } = this.#services;
    const { session } = await this.#visitor(ctx);
    const t = views.translate(views.language(ctx, session.account));
    return this.#menuEntries
      .filter(({ access }) => access !== 'admin' || session.account.role === 'admin')
      .map(({ section, label, path }) => ({ section, label: t(label), path: `${mount}${path}` }));
  }

  settingsEntry(ctx: Context): Promise<MenuEntry> {
    return forPanel(() => this.#settingsEntry(ctx));
  }

  async #settingsEntry(ctx: Context): Promise<MenuEntry> {
    const { mount, views } = this.#services;
    const { session } = await this.#visitor(ctx);
    const t = views.translate(views.language(ctx, session.account));
    return { section: 'settings', label: t('settings.title'), path: `${mount}/settings` };
  }

  forget(ctx: Context): void {
    this.#services.clearanceCookie.remove(ctx);
  }

  leaveEntry(ctx: Context): Promise<MenuEntry> {
    return forPanel(async () => {
      const { mount, views } = this.#services;
      const visitor = await this.#visitors.of(ctx);
      if (visitor.kind !== 'panel-step') throw new PageError(403, 'error.no-session');
      const t = views.translate(views.language(ctx, visitor.session.actor));
      return { section: 'login', label: t('step.leave'), path: `${mount}/step` };
    });
  }

  notice(ctx: Context, notice: LoginNotice): string {
    const { views } = this.#services;
    return noticeText(views.translate(views.language(ctx)), notice);
  }

  /** The gate let this request pass, so it has a session; a panel that calls us elsewhere is told so. */
  async #visitor(ctx: Context): Promise<SessionVisitor> {
    const visitor = await this.#visitors.of(ctx);
    if (visitor.kind !== 'session') throw new PageError(403, 'error.no-session');
    return visitor;
  }
}

/** Faults reach the panel as errors with the `status` that its own error page is to have. */
async function forPanel<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw asPageError(error);
  }
}
