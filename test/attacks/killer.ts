import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DataSource } from 'typeorm';
import { inProject } from '../support/project.js';
import type { Plan } from './mortal-demo.js';

/**
 * Preloaded into the demo panel. Names and counts every write at the ports of the plugin, and at the one that the plan
 * names kills its own process, after it was done or before. SIGUSR2 reads the plan, sets the clock, tells the
 * plugin's own connection to its database what the plan says, and counts anew.
 */
const STORES: readonly [file: string, name: string][] = [
  ['factor-store.typeorm', 'TypeOrmFactorStore'],
  ['login-ledger.typeorm', 'TypeOrmLoginLedger'],
  ['audit-log.typeorm', 'TypeOrmAuditLog'],
  ['pending-store.redis', 'RedisPendingStore'],
  ['enrolment-store.redis', 'RedisEnrolmentStore'],
  ['rate-limiter.redis', 'RedisRateLimiter'],
  ['step-up-store.redis', 'RedisStepUpStore'],
];
/** What changes nothing; whatever else a port has counts as a write. */
const READS = ['constructor', 'find', 'list', 'holds', 'head'];

let plan: Plan | undefined;
let count = 0;

const now = Date.now;
Date.now = () => now() + (plan?.clock ?? 0);

let ours: DataSource | undefined;
const { initialize } = DataSource.prototype;
DataSource.prototype.initialize = function open(this: DataSource) {
  if (String(this.options.database).endsWith('panel-2fa.sqlite')) ours = this;
  return initialize.call(this);
};

process.on('SIGUSR2', async () => {
  plan = JSON.parse(readFileSync(process.env.PLAN ?? '', 'utf8'));
  count = 0;
  // A full database refuses what the plan fills it with.
  for (const statement of plan?.sql ?? []) await ours?.query(statement).catch(() => undefined);
  console.log(`plan ${plan?.id}`);
});

type Verb = (...args: unknown[]) => Promise<unknown>;

for (const [file, name] of STORES) {
  const module = await import(pathToFileURL(inProject(`dist/storage/${file}.js`)).href);
  const { prototype } = module[name] as { prototype: Record<string, Verb> };
  const verbs = Object.getOwnPropertyNames(prototype).filter((verb) => !READS.includes(verb));
  if (verbs.length === 0) throw new Error(`${name} writes nothing`);
  for (const verb of verbs) {
    const real = prototype[verb] as Verb;
    prototype[verb] = async function write(this: unknown, ...args: unknown[]) {
      count += 1;
      const mine = count;
      if (plan) console.log(`write ${mine} ${name}.${verb}`);
      if (plan?.killAt === mine && plan.before) die();
      const result = await real.apply(this, args);
      if (plan?.killAt === mine) die();
      return result;
    };
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
