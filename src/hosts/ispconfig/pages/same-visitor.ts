import type { Context } from 'koa';
import { type PageEdit, PageWithheld } from '../../gateway-host.js';
import type { Sessions } from '../sessions/sessions.js';
import { isPageOf } from './pages.js';
import { HOME_PATH } from './way.js';

/**
 * The edit for a page that goes out only to whom it was made for. Between our look at the session and the panel's lies
 * time: whoever the panel took the visitor for, now he is the one we judged, and one who may see the page.
 */
export function forSameVisitor(ctx: Context, edit: PageEdit, sessions: Sessions): PageEdit {
  return async (html) => {
    const visit = sessions.known(ctx);
    if (visit.kind === 'session' && !isPageOf(ctx.path, visit.modules)) {
      throw new PageWithheld('a page that this visitor may not see', HOME_PATH);
    }
    const page = await edit(html);
    if (!(await sessions.isStill(ctx))) throw new PageWithheld('the session changed meanwhile', HOME_PATH);
    return page;
  };
}
