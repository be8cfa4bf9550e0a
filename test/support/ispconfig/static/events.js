// As much of jQuery as the panel's pages and ours need, with what tells its events from the browser's: `trigger`
// reaches its own handlers, attributes and no listener, while an event of the browser reaches both, wrapped for the handlers.
(() => {
  const handlers = new Map();

  function on(target, type, selector, handler) {
    const [within, call] = handler ? [selector, handler] : [undefined, selector];
    handlers.set(target, [...(handlers.get(target) ?? []), { type, within, call }]);
    target.addEventListener(type, (event) => {
      const source = within === undefined ? target : event.target.closest?.(within);
      if (source) call.call(source, wrapped(event));
    });
  }

  function wrapped(event) {
    return {
      type: event.type,
      target: event.target,
      originalEvent: event,
      preventDefault: () => event.preventDefault(),
      stopPropagation: () => event.stopPropagation(),
    };
  }

  function trigger(element, type) {
    const event = { type, target: element, preventDefault: () => {}, stopPropagation: () => {} };
    for (let at = element; at; at = at.parentNode) {
      for (const { type: known, within, call } of handlers.get(at) ?? []) {
        if (known !== type) continue;
        const source = within === undefined ? at : element.closest(within);
        if (source) call.call(source, event);
      }
      at[`on${type}`]?.call(at, event);
    }
  }

  /** A list of elements; every verb but `find` gives the list itself. */
  function selection(elements) {
    const each = (act) => {
      for (const element of elements) act(element);
      return chain;
    };
    const chain = {
      find: (selector) => selection(elements.flatMap((element) => [...element.querySelectorAll(selector)])),
      on: (type, selector, handler) => each((element) => on(element, type, selector, handler)),
      trigger: (type) => each((element) => trigger(element, type)),
      prop: (name, value) => each((element) => Object.assign(element, { [name]: value })),
      /** Of the selects that selects.js has replaced. */
      select2: (verb, value) => each((element) => element.standInSelect?.[verb](value)),
      tooltip: () => chain,
      stop: () => chain,
    };
    return chain;
  }

  window.jQuery = (target) => {
    const element = typeof target === 'string' ? document.querySelector(target) : target;
    return selection(element ? [element] : []);
  };
  window.$ = window.jQuery;
})();
