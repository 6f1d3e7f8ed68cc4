import { shortDigest } from '#kernel';
import { escapeMarkdown } from '#report';
import type { Acknowledgement } from './accept-comment.ts';

/** What is answered to a comment, by whose marker the answer is found again; null where there is nothing to say. */
export function replyTo(id: number, told: Acknowledgement): { pullRequest: number; marker: string; body: string } | null {
  if (told.kind === 'ignored') return null;
  const marker = `<!-- fieldproof:accept-${id} -->`;
  return { pullRequest: told.pullRequest, marker, body: `${marker}\n${words(told)}` };
}

function words(told: Exclude<Acknowledgement, { kind: 'ignored' }>): string {
  const author = escapeMarkdown(told.author);
  if (told.kind === 'refused') return `❌ Not recorded, ${author}: ${escapeMarkdown(told.reason)}.`;
  const lines = told.accepted.map(({ fact, what }) => {
    const [model, why] = [fact.model, fact.why].map(escapeMarkdown);
    return `- ${model}: ${what} (\`${shortDigest(fact.record)}\`), until the end of ${fact.until} (UTC), because ${why}`;
  });
  return [`✅ Recorded in the ledger: ${author} answers for`, ...lines, 'After the merge it is deployed as a pass would be.']
    .join('\n\n')
    .replaceAll('\n\n- ', '\n- ');
}
