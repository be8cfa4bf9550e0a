// As much of jQuery's events as tells it from the browser's: `trigger` reaches its own handlers and no listener,
// while an event of the browser reaches both.
(() => {
  const handlers = new Map();

  function on(target, type, selector, handler) {
    const [within, call] = handler ? [selector, handler] : [undefined, selector];
    handlers.set(target, [...(handlers.get(target) ?? []), { type, within, call }]);
    target.addEventListener(type, (event) => {
      const source = within === undefined ? target : event.target.closest?.(within);
      if (source) call.call(source, event);
    });
  }

  function trigger(element, type) {
    const event = { type, target: element, preventDefault: () => {}, stopPropagation: () => {} };
    for (let at = element; at; at = at.parentNode) {
      for (const { type: known, within, call } of handlers.get(at) ?? []) {
        if (known !== type) continue;
        const source = within === undefined ? at : element.closest(within);
        if (source) call.call(source, event);
      }
    }
  }

  window.jQuery = (target) => {
    const element = typeof target === 'string' ? document.querySelector(target) : target;
    const chain = {
      on: (type, selector, handler) => {
        if (element) on(element, type, selector, handler);
        return chain;
      },
      trigger: (type) => {
        if (element) trigger(element, type);
        return chain;
      },
    };
    return chain;
  };
  window.$ = window.jQuery;
})();
