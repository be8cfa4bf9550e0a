import type { GatewayConfig } from '../../../gateway/config.js';
import { panelOf } from '../../../gateway/open-panel.js';
import { PANELS } from '../../../gateway/panels.js';
import { type Answered, type Signs, whoAnswers } from '../../../gateway/who-answers.js';
import { ownManifest } from '../../../plugin/manifest.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** Every value of `Referrer-Policy` that browsers know; of several the last one counts (Referrer Policy §4.1). */
const POLICIES = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'origin',
  'origin-when-cross-origin',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
];

/** Do the addresses that browsers use lead to the gateway, and does nothing on the way spoil its forms? */
export async function publicUrls(config: GatewayConfig): Promise<readonly Finding[]> {
  const { publicUrl, publicUrls: others = [] } = config.plugin;
  const findings: Finding[] = [];
  for (const url of [publicUrl, ...others]) {
    const answered = await whoAnswers(url, new URL(url).host, signsOf(config));
    findings.push(whoFinding(url, answered), ...referrerFinding(url, answered));
  }
  return findings;
}

/** How a gateway is told from the panel behind it. */
export function signsOf(config: GatewayConfig): Signs {
  const { mount } = ownManifest();
  return { ...panelOf(config, PANELS).kind.signs, health: `${mount}/health` };
}

function whoFinding(url: string, { who }: Answered): Finding {
  switch (who) {
    case 'gateway':
      return ok(`${url} leads to the gateway.`);
    case 'unwell gateway':
      return problem(`${url} leads to the gateway, but its stores do not respond.`, 'See its log.');
    case 'panel':
      return problem(
        `${url} leads to the panel, past the gateway.`,
        'Set up the web server with the files in deploy/.',
      );
    case 'somebody else':
      return problem(
        `${url} leads to neither gateway nor panel.`,
        'Start the gateway; look at the web server.',
      );
    case 'nobody':
      return problem(
        `Nothing answers at ${url}, as seen from this machine.`,
        'Start the gateway; look at the web server.',
      );
  }
}

/** Our own answers say `same-origin`; what a web server adds comes after it. */
function referrerFinding(url: string, { who, headers }: Answered): Finding[] {
  if (who !== 'gateway') return [];
  const told = [headers['referrer-policy'] ?? ''].flat().join(',').toLowerCase().split(',');
  const policy = told.map((token) => token.trim()).findLast((token) => POLICIES.includes(token));
  if (policy !== 'no-referrer') return [];
  return [
    warning(
      `The web server of ${url} adds Referrer-Policy: no-referrer. Browsers then send Origin: null with every form; older ones cannot log in.`,
      'Let it add same-origin instead, or nothing.',
    ),
  ];
}
