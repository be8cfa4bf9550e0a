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
  /** Told of each kind of step that is not known, once. */
  log(message: string): void;
}

/** Which step of the panel a waiting session is in. */
export class Steps {
  readonly #deps: StepsDeps;
  readonly #told = new Set<string>();

  constructor(deps: StepsDeps) {
    this.#deps = deps;
  }

  /** By the names that are set in the session beside `s_pending`: one known step, and nothing else that may be one. */
  of(beside: readonly string[]): PanelStep {
    const { names } = this.#deps;
    const marks = beside.filter((name) => OWN.has(name) || !names.has(name));
    const step = marks.length === 1 ? OWN.get(marks[0] as string) : undefined;
    if (step) return step;
    this.#tell(marks.length > 0 ? marks : beside);
    return UNKNOWN;
  }

  #tell(marks: readonly string[]): void {
    const text = JSON.stringify([...marks].sort());
    if (this.#told.has(text) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(text);
    this.#deps.log(
      `a login waits in a step of the panel that is not known, and nothing is open to it: s_pending beside ${text}`,
    );
  }
}
