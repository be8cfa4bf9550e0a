/** Why a key file cannot be used, in one line for an operator; it never quotes the contents of the file. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';

  constructor(path: string, problem: string) {
    super(`The key file ${path} ${problem}`);
  }
}
