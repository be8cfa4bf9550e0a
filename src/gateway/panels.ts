import { z } from 'zod';
import { mysqlAddress } from '../connections/database-address.js';
import { problemWith } from '../connections/wrong-address.js';
import { ispconfigHost } from '../hosts/ispconfig/ispconfig.js';
import { ispconfigSigns } from '../hosts/ispconfig/signs.js';
import { type Panels, panelKind } from './panel-kind.js';

const ispconfigSettings = z.strictObject({
  database: z.string().superRefine((text, { addIssue }) => {
    const problem = problemWith(mysqlAddress, text);
    if (problem) addIssue(problem);
  }),
  sessionNames: z
    .array(z.string().regex(/^[A-Za-z_]\w{0,63}$/, 'must be the name of a variable in PHP'))
    .default([]),
  remoteApi: z.enum(['allow', 'refuse', 'refuse-2fa-clients']).default('refuse-2fa-clients'),
});

/** The panels that can stand behind the gateway. */
export const PANELS: Panels = {
  ispconfig: panelKind(
    ispconfigSettings,
    (settings, { log, ...gateway }) =>
      ispconfigHost({
        ...settings,
        ...gateway,
        log: (message, error) => log.warn(error instanceof Error ? { reason: error.message } : {}, message),
      }),
    ispconfigSigns,
  ),
};
