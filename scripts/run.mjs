// Gets ready and runs a command of the program: node scripts/run.mjs demo|gateway …
import { orFail } from './prepare/failure.mjs';
import { at } from './prepare/project.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';

await orFail(async () => {
  await ensureInstalled();
  await ensureBuilt();
  // In this very process: signals and the exit code need nobody to pass them on.
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, 1, at('dist/cli.js'));
  await import('../dist/cli.js');
});
