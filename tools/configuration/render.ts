import { type Variable } from './variables.ts';

/** `.env.example`: everything commented out, because every default is meant to be left alone. */
export function renderEnvironmentExample(variables: readonly Variable[]): string {
  const head = [
    '# Generated from the configuration schemas by `npm run generate`; copy to .env and change what you need.',
    '# In development nothing has to be set. Secrets may also be given as a file: NAME_FILE=/run/secrets/name',
    '# npm start, npx nx serve and npm run db:migrate, seed, doctor, keys, clients and people read .env; whatever is started by hand does not, but for node --env-file=.env',
    '# For one machine npm start sets NODE_ENV to development and all ports from ALVA_PORT_PREFIX, whatever is said here',
  ];
  const blocks = variables.map((variable) => [
    `# ${variable.description} (${variable.processes.join(', ')})`,
    ...(variable.defaultInWords ? [`# Unset: ${variable.default ?? ''}`] : []),
    `# ${variable.name}=${variable.example ?? firstDefault(variable)}`,
  ]);
  return [head, ...launcherVariables, ...blocks].map((lines) => lines.join('\n')).join('\n\n') + '\n';
}

/** The README's table. */
export function renderTable(variables: readonly Variable[]): string {
  const rows = variables.map(
    ({ name, description, default: standard, secret, processes }) =>
      `| \`${name}\` | ${escape(description)}${secret ? ' (secret)' : ''} | ${standard === undefined ? '' : escape(standard)} | ${processes.join(', ')} |`,
  );
  return ['| variable | what it is for | default | read by |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const launcherVariables = [
  [
    '# First digits of all ports in development: 310 moves the web app to 3100, the api to 3101, … (npm start, nx serve)',
    '# ALVA_PORT_PREFIX=300',
  ],
];

function firstDefault({ default: standard, defaultInWords }: Variable): string {
  return defaultInWords ? '' : (standard?.split(', ')[0] ?? '');
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
