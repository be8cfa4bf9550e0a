import { AuditSeal } from '../../src/core/audit/audit-seal.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { openDataSource } from '../../src/storage/data-source.js';
import { manifestSchema } from '../storage/sqlite.js';
import { AUDIT_KEY, eventOf } from './audit-events.js';

/** A node in a process of its own: appends `count` events at once, at a time given, and tells how long each took. */
const [url = '', name = '', count = '', at = ''] = process.argv.slice(2);
const dataSource = await openDataSource(url, await manifestSchema());
const log = new TypeOrmAuditLog(dataSource, new AuditSeal(AUDIT_KEY));
await log.head();
await new Promise((resolve) => setTimeout(resolve, Number(at) - Date.now()));
const begin = performance.now();
const results = await Promise.allSettled(
  Array.from({ length: Number(count) }, async (_, index) => {
    // Half of them together, which go out as one statement; the rest one by one, against the other process.
    if (index % 2 === 1) await new Promise((resolve) => setTimeout(resolve, index * 4));
    return log.record(eventOf(name, `event ${index}`));
  }),
);
const failed = results.filter(({ status }) => status === 'rejected');
console.log(`failed ${failed.length} in ${Math.round(performance.now() - begin)} ms`);
for (const result of failed) console.log(String((result as PromiseRejectedResult).reason));
await dataSource.destroy();
