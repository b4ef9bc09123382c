// Taken when the module is loaded: a test's fake timers replace the global ones, and a wait that cannot end would never say why.
export const { setTimeout: setRealTimeout, clearTimeout: clearRealTimeout } = globalThis;
