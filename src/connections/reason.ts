/** What a driver said, in one line. A host with several addresses fails with several errors, of which the first is told. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || String(code ?? error)).split('\n', 1)[0] ?? '';
}
