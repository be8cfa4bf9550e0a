/** Starts `count` calls at once and gives all results. */
export function parallel<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** How many of `count` calls started at once came back with `true`. */
export async function winners(count: number, call: (index: number) => Promise<boolean>): Promise<number> {
  return (await parallel(count, call)).filter(Boolean).length;
}

/** One port over several nodes: each call goes to the next one. */
export function alternating<Port extends object>(nodes: readonly Port[]): Port {
  let calls = 0;
  return new Proxy(nodes[0] as Port, {
    get: (_, method) => {
      const node = nodes[calls++ % nodes.length] as Record<string | symbol, (...args: unknown[]) => unknown>;
      return (...args: unknown[]) => node[method]?.(...args);
    },
  });
}
