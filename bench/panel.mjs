import { startDemo } from '../dist/demo/start.js';

const [port, data, plugin] = process.argv.slice(2);
const settings = { issuer: 'Bench', period: 30 };
await startDemo({ port: Number(port), data, plugin: plugin === 'with' && settings });
process.send('started');
