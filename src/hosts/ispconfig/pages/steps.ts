import type { PanelStep } from '../../../core/account/panel-step.js';
import { FORCED_PASSWORD_PATH, LOGIN_SCRIPT, OTP_PATH } from './paths.js';

/** By the name that the panel sets in a waiting session: its own steps, up to 3.3. */
const OWN: ReadonlyMap<string, PanelStep> = new Map<string, PanelStep>([
  ['otp', { paths: [OTP_PATH], beforeCode: true }],
  // It sets a new password and asks for no old one: whoever has the password alone would take the account over.
  ['force_password_change', { paths: [FORCED_PASSWORD_PATH, LOGIN_SCRIPT], beforeCode: false }],
]);

const UNKNOWN: PanelStep = { paths: [], beforeCode: false };
const MOST_TOLD = 100;

export interface StepsDeps {
  /** All names that may stand at the top of a session. */
  readonly names: ReadonlySet<string>;
  /** The steps of add-ons: what stands in the session, and the paths that are open. */
  readonly ofAddOns: Readonly<Record<string, readonly string[]>>;
  /** Told of each step that is not known once: by what stands in the session. */
  tell(marks: readonly string[]): void;
}

/** Which step of the panel a waiting session is in. */
export class Steps {
  readonly #deps: StepsDeps;
  readonly #known: ReadonlyMap<string, PanelStep>;
  readonly #told = new Set<string>();

  constructor(deps: StepsDeps) {
    this.#deps = deps;
    const ofAddOns = Object.entries(deps.ofAddOns).map(([name, paths]): [string, PanelStep] => {
      return [name, { paths, beforeCode: false }];
    });
    this.#known = new Map([...ofAddOns, ...OWN]);
  }

  /** By the names that are set in the session beside `s_pending`: one known step, and nothing else that may be one. */
  of(beside: readonly string[]): PanelStep {
    const marks = beside.filter((name) => this.#known.has(name) || !this.#deps.names.has(name));
    const step = marks.length === 1 ? this.#known.get(marks[0] as string) : undefined;
    if (step) return step;
    this.#tell((marks.length > 0 ? marks : beside).toSorted());
    return UNKNOWN;
  }

  #tell(marks: readonly string[]): void {
    const text = JSON.stringify(marks);
    if (this.#told.has(text) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(text);
    this.#deps.tell(marks);
  }
}
