import { alignColumns } from '../progress.ts';
import type { StackEnvironment } from '../environment/stack-environment.ts';
import { demoEmail } from './demo-account.ts';

export function urlTable({ ports, variables }: StackEnvironment): string {
  const { WEB_URL = '', API_URL = '', AUTH_URL = '' } = variables;
  const metrics = [ports.authMetrics, ports.apiMetrics, ports.worker].map((port) => `http://127.0.0.1:${port}/metrics`);
  const rows = [
    ['Web app', WEB_URL],
    ['Inbox', `${AUTH_URL}/dev/inbox`],
    ['Api reference', `${API_URL}/reference`],
    ['Auth reference', `${AUTH_URL}/reference`],
    ['Queues', `${API_URL}/admin/queues`],
    ['Metrics', metrics.join('  ')],
    ['Logs', '.data/logs'],
  ];
  const inbox = variables['MAIL_TRANSPORT'] === 'inbox' ? 'the mail waits in the inbox' : 'the link comes by mail';
  return [
    '',
    ...alignColumns(rows).map((row) => `  ${row}`),
    '',
    `  Open ${WEB_URL} and sign in as ${demoEmail}; ${inbox}. Ctrl-C stops everything.`,
    '',
  ].join('\n');
}
