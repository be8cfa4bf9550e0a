import { gatewayCommand } from '../../src/gateway/command.js';
import { plainPanels } from './plain-host.js';

/** The gateway in a process of its own, in front of the plain panel: `run.js --config FILE`. */
try {
  await gatewayCommand(process.argv.slice(2), plainPanels);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
