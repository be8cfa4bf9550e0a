import type { Command } from 'commander';
import type { Role } from '../../core/account/account.js';
import type { AccountState } from '../../core/admin/account-state.js';
import { openLog } from '../../gateway/log.js';
import { openPanel } from '../../gateway/open-panel.js';
import { PANELS } from '../../gateway/panels.js';
import { whoAnswers } from '../../gateway/who-answers.js';
import { configCommand, printJson } from '../../input/command-line.js';
import { ownManifest } from '../../plugin/manifest.js';
import { lookAtDatabase, lookAtRedis } from '../own-parts.js';
import { signsOf } from './doctor/public-urls.js';
import { enter } from './place.js';
import { withOperation } from './with-operation.js';

type Config = ReturnType<typeof enter>;

interface Part {
  readonly part: string;
  /** `answers`, or why it does not. */
  readonly state: string;
  readonly milliseconds?: number;
}

interface Count {
  role: Role;
  with: number;
  without: number;
  locked: number;
}

/** How an installation is at this moment: its parts, and how many use it. */
export function statusCommand(): Command {
  const summary = `Versions, whether each part answers and how fast, and how many accounts have two-factor authentication. It goes through
all accounts. Exits with code 1 when a part does not answer.`;
  return configCommand('status', summary, 'panel-2fa status')
    .option('--json', 'as one JSON document')
    .action(async ({ config: file, json }: { readonly config: string; readonly json?: boolean }) => {
      const config = enter(file);
      const versions = { version: ownManifest().version, node: process.version };
      const parts = await partsOf(config);
      const isWell = parts.every(({ state }) => state === ANSWERS);
      if (!isWell) process.exitCode = 1;
      const counts = isWell ? await countsOf(file) : undefined;
      if (json) return printJson({ ...versions, parts, ...(counts && { accounts: counts }) });
      console.log(`panel-2fa ${versions.version}, Node ${versions.node}\n`);
      for (const one of parts) console.log(partLine(one));
      if (counts) console.log(`\n${countLines(counts).join('\n')}`);
    });
}

const ANSWERS = 'answers';

async function partsOf(config: Config): Promise<Part[]> {
  const { database, redis, publicUrl } = config.plugin;
  const parts = [
    timed('our database', () => lookAtDatabase(database)),
    ...(redis ? [timed('Redis', () => lookAtRedis(redis))] : []),
    timed("the panel's database", () => clockOf(config)),
    timed('the gateway', () => gatewayAt(config, publicUrl)),
  ];
  return Promise.all(parts);
}

async function timed(part: string, ask: () => Promise<unknown>): Promise<Part> {
  const from = performance.now();
  try {
    await ask();
    return { part, state: ANSWERS, milliseconds: Math.round(performance.now() - from) };
  } catch (error) {
    return { part, state: (error as Error).message };
  }
}

async function clockOf(config: Config): Promise<void> {
  const host = await openPanel(config, PANELS, openLog('silent'));
  try {
    await host.now();
  } finally {
    await host.close();
  }
}

async function gatewayAt(config: Config, publicUrl: string): Promise<void> {
  const { who } = await whoAnswers(publicUrl, new URL(publicUrl).host, signsOf(config));
  if (who !== 'gateway') throw new Error(`${publicUrl} leads to ${who}; "panel-2fa doctor" says more`);
}

async function countsOf(file: string): Promise<readonly Count[]> {
  let counts: readonly Count[] = [];
  await withOperation(file, async ({ operator }) => {
    counts = await counted(operator.walk());
  });
  return counts;
}

async function counted(states: AsyncIterable<AccountState>): Promise<readonly Count[]> {
  const roles: readonly Role[] = ['admin', 'reseller', 'client', 'mailuser'];
  const counts = new Map(
    roles.map((role): [Role, Count] => [role, { role, with: 0, without: 0, locked: 0 }]),
  );
  const now = Date.now();
  for await (const { account, active, lockedUntil = 0 } of states) {
    const count = counts.get(account.role);
    if (!count) continue;
    count[active ? 'with' : 'without'] += 1;
    if (lockedUntil > now) count.locked += 1;
  }
  return [...counts.values()];
}

function partLine({ part, state, milliseconds }: Part): string {
  return `${part.padEnd(22)}${state}${milliseconds === undefined ? '' : ` after ${milliseconds} ms`}`;
}

function countLines(counts: readonly Count[]): string[] {
  const line = (...cells: (string | number)[]) =>
    cells
      .map((cell) => String(cell).padEnd(12))
      .join('')
      .trimEnd();
  return [
    line('role', 'with 2FA', 'without', 'locked'),
    ...counts.map((count) => line(count.role, count.with, count.without, count.locked)),
  ];
}
