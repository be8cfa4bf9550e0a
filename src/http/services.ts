import type { Requirement } from '../core/account.js';
import type { Administration } from '../core/administration.js';
import type { Clearances } from '../core/clearance.js';
import type { Enrolments } from '../core/enrolment.js';
import type { KeyRing } from '../core/key-ring.js';
import type { Login } from '../core/login.js';
import type { OwnFactor } from '../core/own-factor.js';
import type { Clock, FactorStore, PendingStore, RateLimiter } from '../core/ports.js';
import type { Sealer } from '../core/sealing.js';
import type { StepUp } from '../core/step-up.js';
import type { PanelHost } from '../hosts/panel-host.js';
import type { Manifest } from '../manifest.js';
import type { Views } from './views.js';

/** Everything the pages and the gate work with; put together in `plugin.ts`. */
export interface Services {
  readonly host: PanelHost;
  readonly manifest: Manifest;
  readonly factors: FactorStore;
  readonly pending: PendingStore;
  readonly limiter: RateLimiter;
  readonly login: Login;
  readonly enrolments: Enrolments;
  readonly ownFactor: OwnFactor;
  readonly administration: Administration;
  readonly stepUp: StepUp;
  readonly clearances: Clearances;
  readonly keys: KeyRing;
  readonly sealer: Sealer;
  readonly views: Views;
  readonly requires: Requirement;
  readonly clock: Clock;
  /** Scheme, host and port under which browsers reach us. */
  readonly publicOrigin: string;
  readonly issuer: string;
  readonly contact: string;
}
