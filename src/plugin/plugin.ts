import type { Requirement } from '../core/account/account.js';
import { Acts } from '../core/acts/acts.js';
import { Administration } from '../core/admin/administration.js';
import { Housekeeping } from '../core/admin/housekeeping.js';
import { AuditHeads } from '../core/audit/audit-heads.js';
import { BoundedAudit } from '../core/audit/bounded-audit.js';
import { VisitAudit } from '../core/audit/visit.js';
import { errorsOnly, type Log } from '../core/base/log.js';
import { repeat } from '../core/base/repeat.js';
import { FactorProof } from '../core/codes/proof.js';
import { RecoveryCodes } from '../core/codes/recovery-codes.js';
import { Clearances } from '../core/gate/clearance.js';
import { Openings } from '../core/gate/opening.js';
import { KeyRing } from '../core/keys/key-ring.js';
import { reportLostKeys } from '../core/keys/lost-keys.js';
import { Sealer } from '../core/keys/sealing.js';
import { Login } from '../core/login/login.js';
import { RefusedSessions } from '../core/login/refused-sessions.js';
import { ActLimit } from '../core/own/act-limit.js';
import { Adoption } from '../core/own/adoption.js';
import { Enrolments } from '../core/own/enrolment.js';
import { Handover } from '../core/own/handover.js';
import { OpenEnrolments } from '../core/own/open-enrolments.js';
import { OwnFactor } from '../core/own/own-factor.js';
import { OwnPassword } from '../core/own/own-password.js';
import { StepUp } from '../core/own/step-up.js';
import type { PanelHost } from '../hosts/panel-host.js';
import { ClearanceCookie } from '../http/clearance-cookie.js';
import { Readiness } from '../http/readiness.js';
import type { Services } from '../http/services.js';
import type { Views } from '../http/views.js';
import { KeyFileWatch } from '../storage/key-file-watch.js';
import { type Manifest, ownManifest } from './manifest.js';
import { opening } from './opening.js';
import { type FullSettings, readSettings, type Settings } from './settings.js';
import { openStores, type Stores } from './stores.js';
import { openTemplates } from './templates.js';
import { MountedTwoFactor, type TwoFactor } from './two-factor.js';

/** The settings of the operator, and what the panel brings. */
export interface TwoFactorOptions extends Settings {
  readonly host: PanelHost;
  /** Gets a line for each event, for fail2ban and for people; without it only faults are written, to standard error. */
  readonly log?: Log;
}

const HOUSEKEEPING = { firstMs: 60_000, everyMs: 3_600_000 };

/**
 * Opens the stores, proves them, and puts rules, stores, pages and host together. Rejects with one clear message and
 * nothing left open: wrong settings, no database, no Redis, no key.
 */
export function createTwoFactor({ host, log = errorsOnly, ...given }: TwoFactorOptions): Promise<TwoFactor> {
  return opening(async (opened, close) => {
    const manifest = ownManifest();
    const settings = readSettings(manifest, given);
    const stores = await openStores(settings, manifest);
    opened(stores.close);
    const keyFile = new KeyFileWatch(settings.keyFile, (err) => {
      log.error(
        { err },
        'panel-2fa: the key file was changed and cannot be read; the keys read before are used on',
      );
    });
    const keys = new KeyRing(stores.keyMaterial, () => keyFile.lookAgain());
    const { views, assets } = openTemplates(settings.templates, {
      timeZone: settings.timeZone,
      panelLanguage: () => host.defaultLanguage?.(),
    });
    const services = servicesOf({ host, log, manifest, settings, stores, keys, views });
    await reportLostKeys(stores.secrets, keys, log);
    const heads = await AuditHeads.start(stores.audit, log);
    opened(() => heads.stop());
    const { clock } = services;
    const panelClock = () => host.now();
    const housekeeping = new Housekeeping({ ...stores, accounts: host.accounts, log, clock, panelClock });
    const cleaning = repeat(() => housekeeping.run(), {
      ...HOUSEKEEPING,
      failed: (err) => log.error({ err }, 'panel-2fa: housekeeping failed and is tried again in an hour'),
    });
    opened(() => cleaning.stop());
    keyFile.start((material) => keys.use(material));
    opened(() => keyFile.stop());
    return new MountedTwoFactor(services, assets, manifest.menu, close);
  });
}

interface Parts {
  readonly host: PanelHost;
  readonly log: Log;
  readonly manifest: Manifest;
  readonly settings: FullSettings;
  readonly stores: Stores;
  readonly keys: KeyRing;
  readonly views: Views;
}

function servicesOf({ host, log, manifest, settings, stores, keys, views }: Parts): Services {
  const { factors, enrolments, pending, ledger, limiter, stepUps } = stores;
  const requires: Requirement = ({ role }) => settings.requiredFor.includes(role);
  const clock = Date.now;
  const panelClock = () => host.now();
  const sealer = new Sealer(keys);
  const recoveryCodes = new RecoveryCodes();
  const audit = new VisitAudit(new BoundedAudit(stores.audit, limiter), clock, log);
  const proof = new FactorProof({ factors, recoveryCodes, sealer, clock });
  const password = new OwnPassword(limiter, (account, text) => host.verifyPassword(account, text));
  const acts = new ActLimit(limiter);
  const own = { factors, password, proof, recoveryCodes, acts, audit, panelClock, requires };
  const ownFactor = new OwnFactor(own);
  const opened = { enrolments, sealer, audit, clock };
  const registering = { ...own, ...opened, open: new OpenEnrolments(opened) };
  const stepUp = new StepUp({ factors, stepUps, password, proof, audit, clock });
  return {
    host,
    mount: manifest.mount,
    routes: manifest.routes,
    factors,
    pending,
    limiter,
    readiness: new Readiness(async () => void (await Promise.all([stores.prove(), host.now()])), clock, log),
    acts: new Acts({ acts: stores.acts, sealer, clock, log }),
    login: new Login({ pending, ledger, limiter, proof, audit, clock }),
    enrolments: new Enrolments({ ...registering, period: settings.period }),
    adoption: new Adoption({ ...registering, panelSecret: async (account) => host.totpSecret?.(account) }),
    ownFactor,
    handover: new Handover({ ownFactor, factors, stepUps, clock }),
    administration: new Administration({
      accounts: host.accounts,
      factors,
      stepUp,
      audit,
      requires,
      panelClock,
    }),
    stepUp,
    clearances: new Clearances(keys, settings.clearanceHours * 3_600_000),
    clearanceCookie: new ClearanceCookie(new URL(settings.publicUrl).origin),
    openings: new Openings(keys),
    refusedSessions: new RefusedSessions({ ledger, audit, clock }),
    keys,
    sealer,
    views,
    requires,
    clock,
    publicOrigin: new URL(settings.publicUrl).origin,
    origins: [settings.publicUrl, ...settings.publicUrls].map((url) => new URL(url).origin),
    log,
    issuer: settings.issuer,
    contact: settings.contact,
  };
}
