/** Why a store's address cannot be used, in words that fit after its key and repeat no secret. */
export class WrongAddress extends Error {
  override readonly name = 'WrongAddress';
}

/** What is wrong with an address, or undefined; `read` is one of this room's readers. */
export function problemWith(read: (text: string) => unknown, text: string): string | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    if (error instanceof WrongAddress) return error.message;
    throw error;
  }
}
