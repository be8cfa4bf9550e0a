/**
 * Does something again and again, first after `firstMs`, until it is stopped; never twice at once, and without keeping
 * the process alive. What goes wrong is told and changes nothing.
 */
export function repeat(
  act: () => Promise<void>,
  { firstMs, everyMs, failed }: { firstMs: number; everyMs: number; failed: (error: unknown) => void },
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(run, firstMs).unref();
  let stopped = false;

  function run(): void {
    running = act()
      .catch(failed)
      .finally(() => {
        if (!stopped) timer = setTimeout(run, everyMs).unref();
      });
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
