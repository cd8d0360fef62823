/** What probes are told, in the shape that all processes share. */
export function ok(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } });
}
