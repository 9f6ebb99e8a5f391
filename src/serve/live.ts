/** The one script of the pages: it says when there is something new, and changes nothing that is being read. */

export const SCRIPT = `'use strict';
const told = document.getElementById('live');
const source = new EventSource('/api/stream');
let findings = 0;
source.addEventListener('findings', (event) => {
  const news = JSON.parse(event.data);
  findings += news.count;
  if (findings === 0) return;
  const link = document.createElement('a');
  link.href = location.href;
  link.textContent = 'show';
  const what = findings + (findings === 1 ? ' new finding' : ' new findings') + (news.worst ? ', the worst ' + news.worst : '');
  told.replaceChildren(what + ': ', link);
  told.hidden = false;
});
addEventListener('pagehide', () => source.close());
`;
