import { lockFolder } from '../../src/storage/data-folder.js';

// A process of its own for the tests of the folder lock: takes the folder and holds it until it is ended.
try {
  await lockFolder(process.argv[2] as string);
  console.log('held');
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(String(error));
}
