import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { untrustedPart } from '../storage/trusted-path.js';

const OTHERS = 0o007;
const OTHERS_WRITE = 0o022;
const GROUP_AND_OTHERS = 0o077;

/** The files of an installation by who has to own them. Nothing needs to be there yet. */
export interface OwnedFiles {
  /** Root's: it says what root's commands open. */
  readonly config: string;
  /** Its owner is the user of the service. */
  readonly keyFile: string;
  /** The service's, closed to all others: the data folder, the locks, the database. */
  readonly closed: readonly string[];
  /** The service's or root's, changed by nobody else: templates, the folder of the socket. */
  readonly unchanged: readonly string[];
  /** Not readable by everybody: the key of a certificate. */
  readonly secret: readonly string[];
}

/** A file that is not as it should be, and the command that mends it. */
export interface WrongOwner {
  readonly text: string;
  readonly mend: string;
  /** Somebody can use it; otherwise it is only not as it should be. */
  readonly isOpen: boolean;
}

/** What of these belongs to somebody it should not belong to, or is open to others. Changes nothing. */
export function wrongOwners({ config, keyFile, closed, unchanged, secret }: OwnedFiles): WrongOwner[] {
  const service = statOf(keyFile)?.uid ?? process.geteuid?.() ?? 0;
  const { user, group } = accountOf(service);
  const foundConfig = untrustedPart(config, 0);
  return [
    ...(foundConfig ? [configOf(foundConfig)] : []),
    ...closed.flatMap((file) => closedTo(file)),
    ...unchanged.flatMap((file) => unchangedBy(file)),
    ...secret.flatMap((file) => secretTo(file)),
  ];

  function configOf(part: string): WrongOwner {
    const text = `The configuration is not root's alone: ${part}`;
    return {
      text,
      mend: `chown root:${group} ${config} && chmod 0640 ${config}; its folders belong to root`,
      isOpen: false,
    };
  }

  function closedTo(file: string): WrongOwner[] {
    const found = statOf(file);
    if (!found) return [];
    const mode = found.isDirectory() ? '0700' : '0600';
    const mend = `chown ${user}:${group} ${file} && chmod ${mode} ${file}`;
    if (found.uid !== service) {
      return [
        { text: `${file} belongs to ${accountOf(found.uid).user}, not to ${user}`, mend, isOpen: true },
      ];
    }
    if ((found.mode & GROUP_AND_OTHERS) === 0) return [];
    const isOpen = (found.mode & (found.isDirectory() ? OTHERS_WRITE : GROUP_AND_OTHERS)) !== 0;
    return [{ text: `${file} is open to others (mode ${modeOf(found)})`, mend, isOpen }];
  }

  function unchangedBy(file: string): WrongOwner[] {
    const part = untrustedPart(file, service);
    return part
      ? [
          {
            text: `Somebody else can change ${file}: ${part}`,
            mend: `Give it to ${user} or root, mode 0755 at most`,
            isOpen: true,
          },
        ]
      : [];
  }

  function secretTo(file: string): WrongOwner[] {
    const found = statOf(file);
    if (!found || (found.mode & OTHERS) === 0) return [];
    return [
      {
        text: `Everybody can read ${file} (mode ${modeOf(found)})`,
        mend: `chmod 0640 ${file}`,
        isOpen: true,
      },
    ];
  }
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    // In a folder that this user may not enter: the checks that open it say so.
    return undefined;
  }
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** The names of a user and of his own group, or their numbers. */
function accountOf(uid: number): { user: string; group: string } {
  const entry = entriesOf('passwd').find(([, , id]) => id === String(uid));
  const [user = String(uid), , , gid = ''] = entry ?? [];
  const [group = gid || user] = entriesOf('group').find(([, , id]) => id === gid) ?? [];
  return { user, group };
}

function entriesOf(table: 'passwd' | 'group'): string[][] {
  try {
    return readFileSync(`/etc/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
