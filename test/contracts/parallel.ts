/** Starts `count` calls at once and gives all results. */
export function parallel<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** How many of `count` calls started at once came back with `true`. */
export async function winners(count: number, call: (index: number) => Promise<boolean>): Promise<number> {
  return (await parallel(count, call)).filter(Boolean).length;
}
