import type { Requirement } from '../core/account/account.js';
import type { Acts } from '../core/acts/acts.js';
import type { Administration } from '../core/admin/administration.js';
import type { Clock } from '../core/base/clock.js';
import type { RateLimiter } from '../core/base/limiter.js';
import type { Log } from '../core/base/log.js';
import type { FactorStore } from '../core/codes/factor-store.js';
import type { Clearances } from '../core/gate/clearance.js';
import type { Openings } from '../core/gate/opening.js';
import type { KeyRing } from '../core/keys/key-ring.js';
import type { Sealer } from '../core/keys/sealing.js';
import type { Login } from '../core/login/login.js';
import type { PendingStore } from '../core/login/pending-store.js';
import type { RefusedSessions } from '../core/login/refused-sessions.js';
import type { Adoption } from '../core/own/adoption.js';
import type { Enrolments } from '../core/own/enrolment.js';
import type { Handover } from '../core/own/handover.js';
import type { OwnFactor } from '../core/own/own-factor.js';
import type { StepUp } from '../core/own/step-up.js';
import type { PanelHost } from '../hosts/panel-host.js';
import type { ClearanceCookie } from './clearance-cookie.js';
import type { Readiness } from './readiness.js';
import type { Views } from './views.js';

/**
 * Who may open a route: `pending` is a session whose code is missing, `step` one that a step of the
 * panel keeps back, once our code was shown where it comes first, `self` one that the gate lets pass.
 */
export type Access = 'public' | 'pending' | 'step' | 'self' | 'admin';

/** A page of ours below the mount, as the manifest declares it. */
export interface Route {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: Access;
}

/** Everything the pages and the gate work with; put together in `plugin.ts`. */
export interface Services {
  readonly host: PanelHost;
  /** The path all our own pages are below, as `/2fa`. */
  readonly mount: string;
  readonly routes: readonly Route[];
  readonly factors: FactorStore;
  readonly pending: PendingStore;
  readonly limiter: RateLimiter;
  readonly acts: Acts;
  readonly readiness: Readiness;
  readonly login: Login;
  readonly enrolments: Enrolments;
  readonly adoption: Adoption;
  readonly ownFactor: OwnFactor;
  readonly handover: Handover;
  readonly administration: Administration;
  readonly stepUp: StepUp;
  readonly clearances: Clearances;
  readonly clearanceCookie: ClearanceCookie;
  readonly openings: Openings;
  readonly refusedSessions: RefusedSessions;
  readonly keys: KeyRing;
  readonly sealer: Sealer;
  readonly views: Views;
  readonly requires: Requirement;
  readonly clock: Clock;
  /** Scheme, host and port under which browsers reach us. */
  readonly publicOrigin: string;
  /** It and the other ones under which they may. */
  readonly origins: readonly string[];
  readonly log: Log;
  readonly issuer: string;
  readonly contact: string;
}
