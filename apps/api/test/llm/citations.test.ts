import t from 'tap';
import type { AssistantEvent } from '../../src/llm/assistant.ts';
import { readCitations } from '../../src/llm/citations.ts';
import { createAnswerStream } from '../../src/llm/model/answer-text.ts';

void t.test('citations are those of passages there are, in one form, in the order of their mention', async (t) => {
  const expected: [text: string, content: string, cited: number[]][] = [
    ['A [2], B [1], A again [2].', 'A [2], B [1], A again [2].', [2, 1]],
    ['A [1, 2] and B [2;9]', 'A [1][2] and B [2]', [1, 2]],
    ['A [9] and B[9].', 'A and B.', []],
    ['A [^1] and 【2†source】', 'A [1] and [2]', [1, 2]],
    ['A [1](https://evil.example/?q=1) (see [2])', 'A [1] (see [2])', [1, 2]],
    ['since [2024], [x], [1a], [ 1 ], array[0]', 'since [2024], [x], [1a], [ 1 ], array', []],
  ];
  for (const [text, content, cited] of expected) t.strictSame(readCitations(text, [1, 2]), { content, cited });
});

void t.test('however an answer is cut into pieces, what is streamed is what is stored', async (t) => {
  const bits = [
    '[1]',
    '[',
    ']',
    '2',
    ' ',
    '\n\n',
    '[9]',
    '[1, 2]',
    '(http://x)',
    'word',
    '【2†s】',
    '【',
    '🍞',
    '<think>',
    ', ',
    '[^1]',
  ];
  let state = 7;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 3_000; round++) {
    const text = `x${Array.from({ length: 1 + draw(12) }, () => bits[draw(bits.length)]).join('')}`;
    const streamed: string[] = [];
    const emit = (event: AssistantEvent<'answer'>) => {
      if (event.event === 'delta') streamed.push(event.data.text);
    };
    const stream = createAnswerStream(emit, [1, 2]);
    for (let at = 0; at < text.length; at += 1 + draw(4)) stream.update(text.slice(0, at));
    const { content } = stream.finish(text);
    if (streamed.join('') !== content)
      t.fail(`${JSON.stringify(text)} was told as ${JSON.stringify(streamed)} and is ${JSON.stringify(content)}`);
  }
  t.pass();
});
