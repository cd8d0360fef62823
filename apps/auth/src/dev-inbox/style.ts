export const style = `
:root{color-scheme:light dark;--ink:light-dark(#16181d,#eceef2);--soft:light-dark(#667085,#98a1b3);--line:light-dark(#e4e7ec,#2a2e37);--card:light-dark(#fff,#181b21);--page:light-dark(#f6f7f9,#0f1115);--accent:light-dark(#111827,#f3f4f6);--on-accent:light-dark(#fff,#111827)}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:3rem 1.25rem}h1{font-size:1.5rem;margin:0 0 .25rem}
header p,.meta,.empty{color:var(--soft);margin:0}header{margin-bottom:2rem}
article{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem;margin:0 0 1rem}
h2{font-size:1.05rem;margin:0}.meta{font-size:.875rem;margin:.15rem 0 1rem;overflow-wrap:anywhere}
.actions{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem}
.button{background:var(--accent);color:var(--on-accent);text-decoration:none;font-weight:600;padding:.5rem 1rem;border-radius:8px}
.code{font:600 1.1rem/1 ui-monospace,monospace;letter-spacing:.25em;padding:.6rem .5rem .6rem .75rem;border:1px dashed var(--line);border-radius:8px}
a{color:inherit}a:focus-visible{outline:3px solid #6c8cff;outline-offset:2px}
`;
