/** Why a key file cannot be used, in one line for an operator; it never quotes what stands in the file. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';

  constructor(path: string, problem: string) {
    super(`The key file ${path} ${problem}`);
  }
}
