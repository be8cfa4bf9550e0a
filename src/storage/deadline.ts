import { StoreUnavailable } from '../core/base/store-unavailable.js';

const DEADLINE_MILLISECONDS = 2_000;

/**
 * Wraps a port so that every failure of it is a `StoreUnavailable` within the deadline: a rejection, an exception, and
 * an answer that does not come. What was asked for may still happen later, so a caller told "unavailable" must refuse
 * and must not assume that nothing was written.
 */
export function guarded<Port extends object>(port: Port, milliseconds = DEADLINE_MILLISECONDS): Port {
  const store = port.constructor.name;
  const wrapped = new Map<unknown, (...args: unknown[]) => Promise<unknown>>();
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') {
        return member;
      }
      let method = wrapped.get(member);
      if (method === undefined) {
        method = (...args) => within(milliseconds, store, async () => member.apply(target, args));
        wrapped.set(member, method);
      }
      return method;
    },
  });
}

function within(milliseconds: number, store: string, act: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new StoreUnavailable(store, { cause }));
    const timer = setTimeout(() => fail(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
    act()
      .then(resolve, fail)
      .finally(() => clearTimeout(timer));
  });
}
