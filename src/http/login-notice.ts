import type { LoginNotice } from '../hosts/panel-host.js';
import type { Translate } from './messages.js';

/** The sentence that tells on the panel's login page why one is there. */
export function noticeText(t: Translate, notice: LoginNotice): string {
  switch (notice) {
    case 'cancelled':
      return t('notice.cancelled');
    case 'changed':
      return t('notice.changed');
    case 'ended':
      return t('notice.ended');
    case 'expired':
      return t('notice.expired');
    case 'refused':
      return t('notice.refused');
    case 'too-many-codes':
      return t('notice.too-many-codes');
  }
}
