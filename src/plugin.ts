import { join } from 'node:path';
import type { Requirement } from './core/account.js';
import { Administration } from './core/administration.js';
import { AuditHeads } from './core/audit-heads.js';
import { Clearances } from './core/clearance.js';
import { Enrolments } from './core/enrolment.js';
import { Housekeeping } from './core/housekeeping.js';
import { KeyRing } from './core/key-ring.js';
import { errorsOnly, type Log } from './core/log.js';
import { Login } from './core/login.js';
import { reportLostKeys } from './core/lost-keys.js';
import { OwnFactor } from './core/own-factor.js';
import { OwnPassword } from './core/own-password.js';
import { FactorProof } from './core/proof.js';
import { RecoveryCodes } from './core/recovery-codes.js';
import { repeat } from './core/repeat.js';
import { Sealer } from './core/sealing.js';
import { StepUp } from './core/step-up.js';
import { VisitAudit } from './core/visit.js';
import type { PanelHost } from './hosts/panel-host.js';
import { Assets } from './http/assets.js';
import type { Services } from './http/services.js';
import { Views } from './http/views.js';
import { MANIFEST_FILE, packageRoot, readManifest } from './manifest.js';
import { readSettings, type Settings } from './settings.js';
import { KeyFileWatch } from './storage/key-file-watch.js';
import { openStores, type Stores } from './stores.js';
import { MountedTwoFactor, type TwoFactor } from './two-factor.js';

export interface TwoFactorOptions extends Settings {
  readonly host: PanelHost;
  /** Gets a line for each event, for fail2ban and for people; without it only faults are written, to standard error. */
  readonly log?: Log;
}

const HOUSEKEEPING = { firstMs: 60_000, everyMs: 3_600_000 };

/** Opens the stores, proves them, and puts rules, stores, pages and host together. Rejects with one clear message. */
export async function createTwoFactor({
  host,
  log = errorsOnly,
  ...given
}: TwoFactorOptions): Promise<TwoFactor> {
  const root = packageRoot();
  const manifest = readManifest(join(root, MANIFEST_FILE));
  const settings = readSettings(manifest, given);
  const stores = await openStores(settings, manifest);
  const { factors, enrolments: enrolmentStore, pending, ledger, limiter, stepUps } = stores;
  const requires: Requirement = ({ role }) => settings.requiredFor.includes(role);
  const clock = Date.now;
  const panelClock = () => host.now();
  const keyFile = new KeyFileWatch(settings.keyFile, (err) => {
    log.error(
      { err },
      'panel-2fa: the key file was changed and cannot be read; the keys read before are used on',
    );
  });
  const keys = new KeyRing(stores.keyMaterial, () => keyFile.lookAgain());
  const sealer = new Sealer(keys);
  const recoveryCodes = new RecoveryCodes();
  const audit = new VisitAudit(stores.audit, clock, log);
  const proof = new FactorProof({ factors, recoveryCodes, sealer, clock });
  const password = new OwnPassword(limiter, (account, text) => host.verifyPassword(account, text));
  const own = { factors, password, proof, recoveryCodes, audit, panelClock, requires };
  const stepUp = new StepUp({ factors, stepUps, password, proof, audit, clock });
  const folders = [join(root, manifest.templates), ...(settings.templates ? [settings.templates] : [])];
  const services: Services = {
    host,
    manifest,
    factors,
    pending,
    limiter,
    login: new Login({ pending, ledger, proof, audit, clock }),
    enrolments: new Enrolments({
      ...own,
      enrolments: enrolmentStore,
      sealer,
      clock,
      period: settings.period,
    }),
    ownFactor: new OwnFactor(own),
    administration: new Administration({ accounts: host.accounts, factors, stepUp, audit, panelClock }),
    stepUp,
    clearances: new Clearances(keys, settings.clearanceHours * 3_600_000),
    keys,
    sealer,
    views: new Views({ folders, mount: manifest.mount }),
    requires,
    clock,
    publicOrigin: new URL(settings.publicUrl).origin,
    issuer: settings.issuer,
    contact: settings.contact,
  };
  const heads = await startReports(stores, keys, log).catch(async (error) => {
    await stores.close();
    throw error;
  });
  keyFile.start((material) => keys.use(material));
  const housekeeping = new Housekeeping({
    accounts: host.accounts,
    factors,
    ledger,
    audit: stores.audit,
    log,
    clock,
    panelClock,
  });
  const cleaning = repeat(() => housekeeping.run(), {
    ...HOUSEKEEPING,
    failed: (err) => log.error({ err }, 'panel-2fa: housekeeping failed and is tried again in an hour'),
  });
  return new MountedTwoFactor(services, new Assets(folders), async () => {
    keyFile.stop();
    await cleaning.stop();
    await heads.stop();
    await stores.close();
  });
}

/** What the log is told at every start: keys that are lost, and the head of the audit log, which is told again each hour. */
async function startReports(stores: Stores, keys: KeyRing, log: Log): Promise<AuditHeads> {
  await reportLostKeys(stores.secrets, keys, log);
  return AuditHeads.start(stores.audit, log);
}
