// npm start: the whole stack on this machine, until Ctrl-C.
import { join } from 'node:path';
import { runCommand } from './hint.ts';
import { withDevelopmentKeys } from './environment/development-keys.ts';
import { describeOverruled, readStackEnvironment, type StackEnvironment } from './environment/stack-environment.ts';
import { dataFolder } from './paths.ts';
import { isPortFree, takenPort } from './ports.ts';
import { watchInterrupts } from './processes/interrupts.ts';
import { stopTools } from './processes/run-tool.ts';
import { step } from './progress.ts';
import { migrateStackDatabase, openStackDatabase, type StackDatabase } from './stack/database.ts';
import { seedDemoAccount } from './stack/demo-account.ts';
import { openLeftovers } from './stack/leftovers.ts';
import { describeProcesses } from './stack/processes.ts';
import { checkStackRedis } from './stack/redis.ts';
import { openStack } from './stack/running-stack.ts';
import { urlTable } from './stack/url-table.ts';
import { buildWeb } from './stack/web-build.ts';

/** Left of the ten seconds a stop may take, for the database after its users. */
const stopPatienceMs = 8000;

const interrupts = watchInterrupts();
const interrupted = new Promise<void>((resolve) => interrupts.signal.addEventListener('abort', () => resolve()));

await runCommand(async () => {
  const opened: (() => Promise<void>)[] = [];
  try {
    await Promise.race([start(opened), interrupted]);
    return 0;
  } finally {
    if (interrupts.signal.aborted) console.log('\nStopping …');
    for (const close of opened.toReversed()) await close();
  }
});

/** Opens everything, saying how to close it before it is open: an interrupt may come at any moment. */
async function start(opened: (() => Promise<void>)[]): Promise<never> {
  const environment = withDevelopmentKeys(readStackEnvironment());
  const overruled = describeOverruled(environment);
  if (overruled) console.log(overruled);
  const leftovers = openLeftovers(environment.ports.web);
  await leftovers.claim();
  opened.push(async () => leftovers.forget());
  await refuseTakenPorts(environment);
  await checkStackRedis(environment);

  const building = step('Web app', buildWeb);
  opened.push(async () => {
    stopTools('SIGTERM');
    await building.catch(() => undefined);
  });
  const show = (line: string) => console.error(line);
  const database = step('Database', () => prepareDatabase(environment, opened));
  const logFolder = join(dataFolder, 'logs');
  const stack = openStack({ leftovers, signal: interrupts.signal, logFolder, show });
  opened.push(() => stack.stop(stopPatienceMs));
  interrupts.onSecond(() => stack.kill());

  const { web, ...services } = describeProcesses(environment);
  const startServices = async () => {
    const { url: DATABASE_URL } = await database;
    const definitions = Object.values(services).map((service) => ({
      ...service,
      env: { ...service.env, DATABASE_URL },
    }));
    await step(`Services: ${Object.keys(services).join(', ')}`, () => stack.start(definitions));
  };
  const run = async () => {
    // The services take about as long to start as Nx takes to see that there is nothing to build.
    await Promise.all([startServices(), building.then(() => stack.start([web]))]);
    console.log(urlTable(environment));
    return stack.watch();
  };
  // Rejects only; where it resolves, there is nothing to keep or no more need.
  const keepDatabase = async () => (await database).keepAlive(show).then(() => new Promise<never>(() => undefined));
  return Promise.race([run(), keepDatabase()]);
}

async function prepareDatabase(environment: StackEnvironment, opened: (() => Promise<void>)[]): Promise<StackDatabase> {
  const opening = openStackDatabase(environment);
  opened.push(async () => (await opening.catch(() => undefined))?.release());
  const database = await opening;
  await migrateStackDatabase(database.url);
  await seedDemoAccount(database.url);
  return database;
}

async function refuseTakenPorts(environment: StackEnvironment): Promise<void> {
  for (const { ports } of Object.values(describeProcesses(environment))) {
    for (const [purpose, port] of Object.entries(ports)) {
      if (!(await isPortFree(port))) throw await takenPort(port, purpose);
    }
  }
}
