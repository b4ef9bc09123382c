/** Warnings that a leaked listener or a miscounted delay raises. Node only prints them; here each is an uncaught error, so the run fails. */
const fatal = new Set(['MaxListenersExceededWarning', 'TimeoutNegativeWarning', 'TimeoutOverflowWarning', 'TimeoutNaNWarning']);

function failOnWarning(warning: Error): void {
  if (fatal.has(warning.name)) throw warning;
}

// Files that share a process share its listeners, and each of them runs this.
if (!process.listeners('warning').some(({ name }) => name === failOnWarning.name)) process.on('warning', failOnWarning);
