/** A step that cannot go on for a reason outside this code; the message is all the reader needs. */
export class Failure extends Error {}

/**
 * Runs the main part of a script. A {@link Failure} ends it with its message and exit code 1, without a stack.
 *
 * @param {() => Promise<void>} main
 */
export async function orFail(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
