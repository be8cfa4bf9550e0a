import { gatewayCommand } from '../../src/gateway/command.js';
import { throwErrors } from '../../src/input/command-line.js';
import { plainPanels } from './plain-host.js';

/** The gateway in a process of its own, in front of the plain panel: `run.js --config FILE`. */
try {
  await throwErrors(gatewayCommand(plainPanels)).parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
