import t from 'tap';
import { describeOverruled } from '../environment/stack-environment.ts';
import { stackPorts } from '../environment/stack-ports.ts';

void t.test('what npm start sets itself is told where somebody set it, and nowhere else', async (t) => {
  const ports = stackPorts('310');
  t.equal(describeOverruled({ ports, variables: { HOST: '::' }, forProduction: false }), undefined);
  t.equal(
    describeOverruled({ ports, variables: { PORT: '80' }, forProduction: true }),
    'npm start is for development and sets NODE_ENV=development, and the ports from 3100 on by ALVA_PORT_PREFIX. Without effect here: NODE_ENV, PORT.',
  );
});
