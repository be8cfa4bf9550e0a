/** What was found about one thing, in one line for an operator; it contains no secret. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly text: string;
  /** What to do; nothing is to be done when it is ok. */
  readonly next?: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
export const warning = (text: string, next: string): Finding => ({ level: 'warning', text, next });
export const problem = (text: string, next: string): Finding => ({ level: 'problem', text, next });

/** `problem  text — next` */
export function lineOf({ level, text, next }: Finding): string {
  return `${level.padEnd(8)} ${next ? `${text} — ${next}` : text}`.replace(/\s*\n\s*/g, '; ');
}

/** The message of an error, or of what caused it. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || String(code ?? error);
}
