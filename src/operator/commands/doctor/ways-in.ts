import type { GatewayConfig } from '../../../gateway/config.js';
import { panelOf } from '../../../gateway/open-panel.js';
import { callerOf } from '../../../gateway/panel-call.js';
import { PANELS } from '../../../gateway/panels.js';
import { reachOf } from '../../../gateway/reach.js';
import { openUpstream } from '../../../gateway/upstream.js';
import { hostsOfThisMachine, waysPast } from '../../../gateway/ways-past.js';
import { type Finding, ok, problem, reasonOf, warning } from './finding.js';
import { signsOf } from './public-urls.js';

/** Where ISPConfig's own web server listens, before and after a gateway was put in front of it. */
const USUAL_PORTS = [8080, 8081, 8082];

const CLOSE = 'Remove this port from the web server, or close it: see deploy/README.md.';

/** Is the panel at its address, and who else can connect to it there? */
export async function upstream(config: GatewayConfig): Promise<readonly Finding[]> {
  return [await panelAnswers(config), await upstreamReach(config)];
}

async function panelAnswers(config: GatewayConfig): Promise<Finding> {
  const { page, isPanel } = panelOf(config, PANELS).kind.signs;
  const { upstream: url, upstreamCertificate: certificate, plugin } = config;
  const pool = openUpstream({ url, seconds: 10, certificate });
  try {
    const { host } = new URL(plugin.publicUrl);
    const answer = await callerOf(pool)({ target: page, headers: { host } });
    if (isPanel(answer)) return ok(`The panel answers at ${url}.`);
    return problem(
      `Something at ${url} answers ${page} with ${answer.status}, and it is not the panel.`,
      'Correct upstream.',
    );
  } catch (error) {
    return problem(
      `The panel does not answer at ${url}: ${reasonOf(error)}.`,
      'Start its web server, or correct upstream.',
    );
  } finally {
    await pool.destroy();
  }
}

async function upstreamReach({ upstream: url }: GatewayConfig): Promise<Finding> {
  try {
    switch (await reachOf(url)) {
      case 'owner':
        return ok(`Only users allowed by its file modes can connect to ${url}.`);
      case 'machine':
        return warning(
          `Every user of this machine can connect to the panel at ${url}, past the gateway.`,
          'See "nginx" or "Apache" in deploy/README.md: put the socket into a folder with mode 0700, or use an nftables rule.',
        );
      case 'network':
        return problem(
          `The panel listens at ${url}, which other machines can reach too, past the gateway.`,
          'Make it listen on a unix socket or on 127.0.0.1.',
        );
    }
  } catch (error) {
    return problem(`It is not clear who can reach ${url}: ${reasonOf(error)}.`, 'Correct upstream.');
  }
}

/** Does the panel answer at another port too, as where it was before there was a gateway? */
export async function otherWays(config: GatewayConfig): Promise<readonly Finding[]> {
  const { hostname, host: name, port: publicPort } = new URL(config.plugin.publicUrl);
  const upstreamPort = /:(\d+)$/.exec(config.upstream)?.[1];
  const ports = new Set([...USUAL_PORTS, ...(upstreamPort ? [Number(upstreamPort)] : [])]);
  ports.delete(Number(publicPort));
  const hosts = new Set([hostname, ...hostsOfThisMachine()]);
  const ways = await waysPast({ hosts: [...hosts], ports: [...ports], name }, signsOf(config));
  const findings = ways.flatMap(({ origin, reach }) => {
    if (reach === 'network') return [problem(`The panel answers at ${origin}, past the gateway.`, CLOSE)];
    // What every user of this machine can do at the upstream is said there.
    if (origin.endsWith(`:${upstreamPort}`)) return [];
    return [warning(`Every user of this machine can reach the panel at ${origin}, past the gateway.`, CLOSE)];
  });
  if (findings.length > 0) return findings;
  return [
    ok(`From this machine, the panel cannot be reached anywhere else (ports ${[...ports].join(', ')}).`),
  ];
}
