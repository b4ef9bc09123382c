/** Warnings that a leaked listener or a miscounted delay raises. Node only prints them; here each is an uncaught error, so the run fails. */
const fatal = new Set(['MaxListenersExceededWarning', 'TimeoutNegativeWarning', 'TimeoutOverflowWarning', 'TimeoutNaNWarning']);

// Without isolation this file is loaded again for every test file of a process.
const installed = Symbol.for('tskafka fails on warnings');
if (!(installed in process)) {
  Object.defineProperty(process, installed, { value: true });
  process.on('warning', (warning) => {
    // kafkajs asks for timers of the past (its issue 1751), and is a guest here.
    if (fatal.has(warning.name) && !/[\\/]kafkajs[\\/]src[\\/]/.test(warning.stack ?? '')) throw warning;
  });
}
