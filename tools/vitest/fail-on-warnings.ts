/** Warnings that a leaked listener or a miscounted delay raises. Node only prints them; here each is an uncaught error, so the run fails. */
const fatal = new Set(['MaxListenersExceededWarning', 'TimeoutNegativeWarning', 'TimeoutOverflowWarning', 'TimeoutNaNWarning']);

process.on('warning', (warning) => {
  if (fatal.has(warning.name)) throw warning;
});
