import { openLog } from '../../gateway/log.js';
import { openPanel } from '../../gateway/open-panel.js';
import { PANELS } from '../../gateway/panels.js';
import { type Operation, openOperation } from '../operation.js';
import { enter } from './place.js';

/** Opens the installation of a configuration with its panel, acts, and closes it. Rejects with one clear message. */
export async function withOperation(
  file: string,
  act: (operation: Operation) => Promise<void>,
): Promise<void> {
  const config = enter(file);
  const host = await openPanel(config, PANELS, openLog('silent'));
  try {
    const operation = await openOperation(config.plugin, host);
    try {
      await act(operation);
    } finally {
      await operation.close();
    }
  } finally {
    await host.close();
  }
}
