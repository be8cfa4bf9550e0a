#!/usr/bin/env node
interface Command {
  readonly help: string;
  run(args: readonly string[]): Promise<void>;
}

/** Loaded when it is called: one that cannot be loaded is told in a line, and the others go on. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => {
    const { DEMO_HELP, demoCommand } = await import('./demo/command.js');
    return { help: DEMO_HELP, run: demoCommand };
  },
  gateway: async () => {
    const { GATEWAY_HELP, gatewayCommand } = await import('./gateway/command.js');
    const { PANELS } = await import('./gateway/panels.js');
    return { help: GATEWAY_HELP, run: (args) => gatewayCommand(args, PANELS) };
  },
  keys: async () => {
    const { KEYS_HELP, keysCommand } = await import('./operator/commands/keys.js');
    return { help: KEYS_HELP, run: keysCommand };
  },
  disable: async () => {
    const { DISABLE_HELP, disableCommand } = await import('./operator/commands/operator.js');
    return { help: DISABLE_HELP, run: disableCommand };
  },
  prune: async () => {
    const { PRUNE_HELP, pruneCommand } = await import('./operator/commands/operator.js');
    return { help: PRUNE_HELP, run: pruneCommand };
  },
  doctor: async () => {
    const { DOCTOR_HELP, doctorCommand } = await import('./operator/commands/doctor.js');
    return { help: DOCTOR_HELP, run: doctorCommand };
  },
  audit: async () => {
    const { AUDIT_HELP, auditCommand } = await import('./operator/commands/audit.js');
    return { help: AUDIT_HELP, run: auditCommand };
  },
};

/** A part of the installation is missing, or was compiled for another Node. */
const NOT_LOADED = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'];

async function main(name: string, args: readonly string[]): Promise<void> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load && !args.includes('--help')) return (await load()).run(args);
  if (load) return console.log((await load()).help);
  const help = (await Promise.all(Object.values(COMMANDS).map((command) => command()))).map(
    (one) => one.help,
  );
  if (name !== '--help') throw new Error(`There is no command ${name}.\n\n${help.join('\n\n')}`);
  console.log(help.join('\n\n'));
}

const [name = '--help', ...args] = process.argv.slice(2);
try {
  await main(name, args);
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason] = message.split('\n', 1);
  console.error(
    NOT_LOADED.includes(code) || /bindings file/.test(message)
      ? `A part of panel-2fa cannot be loaded (${reason}). Install it again with this Node, ${process.version}: npm ci`
      : message,
  );
  process.exit(1);
}
