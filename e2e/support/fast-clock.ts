// Loaded before a process whose clock is to run half a minute fast: as much as verifiers forgive (contract: ±30 s).
// A token that lives five seconds then really lives five seconds there, and not thirty-five.
const now = Date.now;
Date.now = () => now() + 30_000;
