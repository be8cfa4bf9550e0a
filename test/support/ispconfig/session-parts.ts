import { modules } from './modules.js';
import type { PhpArray } from './php-session.js';

/** A module as the session keeps it. */
export function moduleArray(name: string): PhpArray {
  const start = modules[name]?.start ?? 'dashboard/dashboard.php';
  return {
    name,
    title: `top_menu_${name}`,
    template: 'module.tpl.htm',
    startpage: start,
    tab_width: '',
    nav: {},
  };
}

/** Some kilobytes that every session carries along: nested arrays with numbers for keys. */
export function pluginCache(): PhpArray {
  const events = Array.from({ length: 25 }, (_, n): [string, PhpArray] => [
    `module:table_${n}:on_after_update`,
    { 0: { plugin: `a_plugin_that_listens_to_table_${n}`, function: `table_${n}_was_updated`, module: '' } },
  ]);
  return Object.fromEntries(events);
}
