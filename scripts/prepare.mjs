/**
 * What has to be there before anything of this project runs. Each step does nothing when nothing is missing,
 * throws a {@link Failure} whose message tells the reader what to type, and may run in several processes at once.
 */
export { ensureBuilt } from './prepare/build.mjs';
export { Failure } from './prepare/failure.mjs';
export { ensureInstalled } from './prepare/install.mjs';
export { compilers, ensureTools, testTools } from './prepare/tools.mjs';
