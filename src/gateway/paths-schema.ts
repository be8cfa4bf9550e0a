import { z } from 'zod';
import type { OpenPathsOptions } from '../hosts/open-paths.js';

/** Names without a dot in front; PHP is a file, and nothing stands behind it. */
const PLAIN = /^(?!.*\.php.)(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+\/?$/i;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const path = z.string().regex(PLAIN, 'must be one path like /nic/update, without query and wildcards');

/** A path alone is there to be read. */
const publicPath = z.union(
  [
    path.transform((path) => ({ path, methods: ['GET', 'HEAD'] })),
    z.strictObject({ path, methods: z.array(z.enum(METHODS)).min(1) }),
  ],
  { error: 'must be a path like "/nic/update", or { "path": "/nic/update", "methods": ["GET", "POST"] }' },
);

const NO_FOLDER = 'must be a folder like /webmail/, without wildcards';
const folder = z
  .string(NO_FOLDER)
  .regex(PLAIN, NO_FOLDER)
  .transform((text) => (text.endsWith('/') ? text : `${text}/`));

/** What an operator opens beyond the panel's own public pages. */
export const pathsSchema = z
  .strictObject({ public: z.array(publicPath).default([]), passThrough: z.array(folder).default([]) })
  .default({ public: [], passThrough: [] });

/** What is wrong with opening these paths, a line for each: they belong to the panel (`owns`), to us, or to each other. */
export function pathProblems(
  { public: paths, passThrough }: OpenPathsOptions,
  mount: string,
  owns: (path: string) => boolean,
): string[] {
  const isTaken = (text: string) => owns(text) || `${text}/`.startsWith(`${mount}/`);
  const own = 'belongs to the panel or to us, and stays protected';
  const all = [
    ...paths.map(({ path }, index) => ({ key: `paths.public.${index}`, text: path })),
    ...passThrough.map((text, index) => ({ key: `paths.passThrough.${index}`, text })),
  ];
  return all.flatMap(({ key, text }) => (isTaken(text) ? [`  ${key}: ${own}`] : []));
}
