import { reasonOf } from '../connections/reason.js';
import type { RedisAddress } from '../connections/redis-address.js';

const CLUSTER = 'it is part of a cluster, which cannot hold pending logins: use a Redis of its own for them';

/** What Redis says (a word at the beginning, or within a script's error), and what it means for an operator. */
const MEANINGS: readonly (readonly [
  said: RegExp,
  means: string | ((address: RedisAddress, said: string) => string),
])[] = [
  [/Stream isn't writeable|Connection is closed|Command timed out/, 'it does not answer'],
  [/\bREADONLY\b/, 'it is a replica, which takes no writes: use the address of its primary'],
  [/\bOOM\b/, 'its memory is full (maxmemory), so it takes no writes: give it more'],
  [/\bMISCONF\b/, 'it cannot save to its disk, so it takes no writes: see its log'],
  [/\bNOREPLICAS\b/, 'it takes no writes while too few replicas are connected (min-replicas-to-write)'],
  [/\b(CLUSTER|MOVED|ASK|CROSSSLOT|CLUSTERDOWN)\b|cluster mode/, CLUSTER],
  [
    /DB index is out of range|invalid DB index/,
    ({ number }) => `it has no database ${number} (its setting "databases")`,
  ],
  [/\bFORGETS\b/, 'what is written is gone at once: compare its clock with the one of this machine'],
  [
    /\bNOPERM\b|ACL failure|can't run this command or subcommand/i,
    ({ user = 'default' }, said) =>
      `its user ${user} lacks a right (${said}): see "What Redis must allow" in docs/configuration.md`,
  ],
  [/unknown( Redis)? command/i, (_address, said) => `a command is switched off or not known there (${said})`],
];

/** One line, without a secret, that names what is missing. */
export function faultOf(error: unknown, address: RedisAddress): string {
  const said = reasonOf(error);
  const means = MEANINGS.find(([pattern]) => pattern.test(said))?.[1] ?? said;
  return typeof means === 'string' ? means : means(address, said);
}
