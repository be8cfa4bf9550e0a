import { orFail } from './prepare/failure.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';

await orFail(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
