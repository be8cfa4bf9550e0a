import { z } from 'zod';
import { mysqlAddress } from '../connections/database-address.js';
import { problemWith } from '../connections/wrong-address.js';
import { ispconfigHost } from '../hosts/ispconfig/ispconfig.js';
import { SECURITY_SETTINGS } from '../hosts/ispconfig/security-settings.js';
import { isOwnName, ispconfigSigns } from '../hosts/ispconfig/signs.js';
import { type Panels, panelKind } from './panel-kind.js';

const PHP_NAME = /^[A-Za-z_]\w{0,63}$/;
const stepPath = z
  .string()
  .regex(/^(?:\/\w[\w-]*)+\.[a-z]{2,4}$/, 'must be the whole path of a page, like /totpauth/verify.php');

const ispconfigSettings = z.strictObject({
  database: z.string().superRefine((text, { addIssue }) => {
    const problem = problemWith(mysqlAddress, text);
    if (problem) addIssue(problem);
  }),
  sessionNames: z.array(z.string().regex(PHP_NAME, 'must be the name of a variable in PHP')).default([]),
  loginSteps: z
    .record(z.string(), z.array(stepPath).min(1, 'must name the page of the step'))
    .superRefine((steps, { addIssue }) => {
      for (const name of Object.keys(steps)) {
        if (PHP_NAME.test(name) && !isOwnName(name)) continue;
        const message = "must be the name of a variable in PHP, and none of the panel's own";
        addIssue({ code: 'custom', path: [name], message });
      }
    })
    .default({}),
  securitySettings: z
    .string()
    .startsWith('/', { error: 'must be an absolute path' })
    .default(SECURITY_SETTINGS),
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
