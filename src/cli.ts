#!/usr/bin/env node
import { DEMO_HELP, demoCommand } from './demo/command.js';
import { GATEWAY_HELP, gatewayCommand } from './gateway/command.js';
import { PANELS } from './gateway/panels.js';
import { AUDIT_HELP, auditCommand } from './operator/commands/audit.js';
import { DOCTOR_HELP, doctorCommand } from './operator/commands/doctor.js';
import { KEYS_HELP, keysCommand } from './operator/commands/keys.js';
import { DISABLE_HELP, disableCommand, PRUNE_HELP, pruneCommand } from './operator/commands/operator.js';

interface Command {
  readonly help: string;
  run(args: readonly string[]): Promise<void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  demo: { help: DEMO_HELP, run: demoCommand },
  gateway: { help: GATEWAY_HELP, run: (args) => gatewayCommand(args, PANELS) },
  keys: { help: KEYS_HELP, run: keysCommand },
  disable: { help: DISABLE_HELP, run: disableCommand },
  prune: { help: PRUNE_HELP, run: pruneCommand },
  doctor: { help: DOCTOR_HELP, run: doctorCommand },
  audit: { help: AUDIT_HELP, run: auditCommand },
};
const HELP = Object.values(COMMANDS)
  .map(({ help }) => help)
  .join('\n\n');

const [name = '--help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (name === '--help' || (command && args.includes('--help'))) {
  console.log(command?.help ?? HELP);
} else if (!command) {
  console.error(`There is no command ${name}.\n\n${HELP}`);
  process.exitCode = 1;
} else {
  try {
    await command.run(args);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
