/**
 * All that the panel itself puts at the top of a session: 3.2 up to 3.2.12p1 by its source, the last two by 3.3.
 * The remote API keeps no session, so its two names are none.
 */
const OWN = [
  's',
  's_old',
  's_pending',
  'otp',
  'search',
  '_csrf',
  '_csrf_timeout',
  'show_error_msg',
  'show_info_msg',
  'monitor',
  'use_domain_module_old_value',
  'force_password_change',
  'msg',
] as const;

/** Does the panel itself put this into its sessions? */
export function isOwnName(name: string): boolean {
  return (OWN as readonly string[]).includes(name);
}

/** The names at the top of a session that are known: the panel's own, and exactly those of its add-ons. */
export function knownNames(ofAddOns: readonly string[] = []): ReadonlySet<string> {
  return new Set<string>([...OWN, ...ofAddOns]);
}
