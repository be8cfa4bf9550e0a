/** The way to close what was opened. */
export type Undo = () => unknown;

/**
 * Opens things one after the other: `open` tells `opened` how to close each. When it rejects, all that was opened before
 * is closed, the last first, and so does the `close` it is given.
 */
export async function opening<Result>(
  open: (opened: (undo: Undo) => void, close: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const undos: Undo[] = [];
  const close = async () => {
    for (const undo of undos.splice(0).reverse()) await undo();
  };
  try {
    return await open((undo) => void undos.push(undo), close);
  } catch (error) {
    await close();
    throw error;
  }
}
