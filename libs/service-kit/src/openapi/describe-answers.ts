interface Document {
  paths?: Record<string, Record<string, unknown>>;
}
type Responses = Record<string, { description?: string }>;

/** What stands there for every answer that nobody described. */
const placeholder = 'Default Response';

const meanings: Record<string, string> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted: the work goes on after this answer',
  204: 'Done; the answer has no body',
  304: 'Nothing has changed since the answer with that ETag; there is no body',
};

/** Says of each good answer what its status means here. */
export function describeAnswers<Described extends object>(document: Described): Described {
  const { paths = {} } = document as Document;
  for (const operations of Object.values(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { responses = {} } = operation as { responses?: Responses };
      for (const [status, response] of Object.entries(responses)) {
        if (response.description !== placeholder) continue;
        response.description = method === 'get' && status === '200' ? 'What was asked for' : (meanings[status] ?? '');
      }
    }
  }
  return document;
}
