/**
 * What is wrong with the first digits of the ports, in one line; undefined where nothing is. Plain JavaScript, because it is
 * asked before anything is installed.
 * @param {string} prefix
 * @returns {string | undefined}
 */
export function findProblemOfPrefix(prefix) {
  const base = Number(prefix) * 10;
  if (/^\d+$/.test(prefix) && base >= 1024 && base <= 65_520) return undefined;
  return `ALVA_PORT_PREFIX is "${prefix}", it must be a number from 103 to 6552, for example 310.`;
}
