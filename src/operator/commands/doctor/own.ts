import { statSync } from 'node:fs';
import type { GatewayConfig } from '../../../gateway/config.js';
import { lookAtDatabase, lookAtKeyFile, lookAtRedis } from '../../own-parts.js';
import { type Finding, ok, problem, reasonOf, warning } from './finding.js';

const REDIS_ADVICE = 'Use a single Redis for logins, with maxmemory-policy noeviction.';
const OTHERS_READ = 0o004;

/** A configuration that is right may still be open to people who should not see the passwords in it. */
export function configFile(file: string): Finding {
  const isOpen = (statSync(file).mode & OTHERS_READ) !== 0;
  if (!isOpen) return ok(`The configuration ${file} is right.`);
  return warning(
    `The configuration ${file} is right, and every user can read it.`,
    'Set it to mode 0640, with the group of the service.',
  );
}

export function keyFile({ plugin }: GatewayConfig): Finding {
  try {
    const { size } = lookAtKeyFile(plugin.keyFile);
    return ok(`The key file ${plugin.keyFile} has ${counted(size, 'key')} and is closed to others.`);
  } catch (error) {
    return problem(
      reasonOf(error),
      'Without it, accounts with 2FA stay closed: see "When a key is lost" in docs/security.md. The gateway creates it on its first start.',
    );
  }
}

export async function ownDatabase({ plugin }: GatewayConfig): Promise<Finding> {
  try {
    const { missingMigrations, rows, refusal } = await lookAtDatabase(plugin.database);
    if (missingMigrations.length > 0) {
      const names = missingMigrations.join(', ');
      return problem(`Our database is not up to date: it lacks ${names}.`, 'Restart the gateway.');
    }
    if (refusal !== undefined)
      return problem(`${refusal}.`, 'Use a primary, and a user who may write there.');
    const lost = [...rows].filter(([id]) => !keysOf(plugin.keyFile).has(id));
    const closed = lost.reduce((sum, [, count]) => sum + count, 0);
    if (closed > 0) {
      const text = `The key file lacks the keys of ${counted(closed, 'account')}: they are closed.`;
      return problem(text, 'Restore the key file from your backup.');
    }
    const total = [...rows.values()].reduce((sum, count) => sum + count, 0);
    return ok(`Our database is up to date and has ${counted(total, 'account')} with 2FA.`);
  } catch (error) {
    return problem(
      `Our database cannot be read: ${reasonOf(error)}.`,
      'The gateway creates its tables on its first start.',
    );
  }
}

export async function redis({ plugin }: GatewayConfig): Promise<Finding | readonly Finding[]> {
  if (!plugin.redis)
    return ok('No Redis: this must be the only gateway, and its pending logins are lost when it stops.');
  try {
    const warnings = await lookAtRedis(plugin.redis);
    if (warnings.length === 0) return ok('Redis takes the writes and scripts that logins need.');
    return warnings.map((text) => warning(`Redis ${text}.`, REDIS_ADVICE));
  } catch (error) {
    return problem(
      `${reasonOf(error)}.`,
      'Start it, or correct "redis": without it, nobody with 2FA can log in.',
    );
  }
}

/** None when the file cannot be read, which is said elsewhere. */
function keysOf(file: string): ReadonlySet<string> {
  try {
    return lookAtKeyFile(file);
  } catch {
    return new Set();
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
