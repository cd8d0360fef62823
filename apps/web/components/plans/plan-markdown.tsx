'use client';
import { Streamdown, type Components } from 'streamdown';

// Plain elements instead of the library's own: no copy buttons, no viewers, no pictures. A section has its heading already.
const components: Components = {
  h1: 'h3',
  h2: 'h3',
  h3: 'h3',
  h4: 'h4',
  h5: 'h4',
  h6: 'h4',
  p: 'p',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  strong: 'strong',
  blockquote: 'blockquote',
  hr: 'hr',
  code: 'code',
  inlineCode: ({ children }) => <code>{children}</code>,
  pre: 'pre',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
  table: ({ children }) => (
    <div tabIndex={0} role="region" aria-label="Table" className="overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
};

const harmless = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'strong', 'em', 'del', 'blockquote', 'hr', 'br'],
  ...['code', 'pre', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
];

/** Text that a model wrote: formatted, otherwise inert. HTML in it stays text, pictures and odd links are dropped. */
export function PlanMarkdown({ children, writing = false }: { children: string; writing?: boolean }) {
  return (
    <Streamdown
      className={writing ? 'plan-prose writing' : 'plan-prose'}
      mode={writing ? 'streaming' : 'static'}
      parseIncompleteMarkdown={writing}
      components={components}
      allowedElements={harmless}
      unwrapDisallowed
      skipHtml
      rehypePlugins={[]}
      urlTransform={(url) => (/^(https?:\/\/|mailto:)/i.test(url) ? url : null)}
      linkSafety={{ enabled: false }}
      controls={false}
    >
      {children}
    </Streamdown>
  );
}
