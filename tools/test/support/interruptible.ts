import { watchInterrupts } from '../../processes/interrupts.ts';

const interrupts = watchInterrupts();
interrupts.signal.addEventListener('abort', () => console.log('first'));
interrupts.onSecond(() => {
  console.log('second');
  process.exit(3);
});
setInterval(() => undefined, 1000);
console.log('listening');
