// node test/support/judges.ts: for mutation testing. All tests but the one that packs and compiles, in one process, the
// quickest first; the first objection ends it.
process.env['TAP_BAIL'] = '1';

await import('../attack-vectors.test.ts');
await import('../claims.test.ts');
await import('../errors.test.ts');
await import('../token-guard.test.ts');
await import('../verified-tokens.test.ts');
await import('../revoked-sessions.test.ts');
await import('../keys.test.ts');
await import('../signatures.test.ts');
await import('../event-stream.test.ts');
await import('../revocation-stream.test.ts');
await import('../revocations.test.ts');
await import('../hostile-input.test.ts');
