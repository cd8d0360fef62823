import { type ClientProfile } from '@alva/validation';
import { type BrowserContext } from 'playwright-core';
import { readMailOf } from './sign-in.ts';
import { type Stack } from './stack.ts';

export const roastery: ClientProfile = {
  businessName: 'Kaffee Nord',
  industry: 'Coffee roastery',
  description: 'Small-batch filter coffee, roasted on Tuesdays and sent on Wednesdays.',
  audience: 'People who brew filter coffee at home and care where it comes from.',
  goals: ['200 subscriptions by spring', 'More repeat orders'],
  channels: ['ppc', 'email', 'blog'],
  monthlyBudget: { amount: 800, currency: 'EUR' },
  region: 'Hamburg',
  experience: 'some',
};

/**
 * Someone who has been here before: signed in through the services themselves, with the cookies that a browser would
 * have now. For journeys that begin after the sign-in.
 */
export async function enterAsKnownPerson(
  context: BrowserContext,
  stack: Stack,
  email: string,
  profile: ClientProfile | null = roastery,
): Promise<void> {
  const post = (path: string, body: object) =>
    fetch(stack.authUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: stack.webUrl },
      body: JSON.stringify(body),
    });
  const { attemptId } = (await (await post('/auth/send-magic-link', { email })).json()) as { attemptId: string };
  const { link } = await readMailOf(stack, email, attemptId);
  const token = new URLSearchParams(new URL(link ?? '').hash.slice(1)).get('token');
  const answer = await post('/auth/verify-magic-link', { token, confirm: 'here' });
  if (!answer.ok) throw new Error(`signing in ${email} was answered with ${answer.status}`);
  const { accessToken } = (await answer.json()) as { accessToken: string };
  if (profile !== null) {
    const saved = await fetch(`${stack.apiUrl}/user/profile`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify(profile),
    });
    if (!saved.ok) throw new Error(`the profile of ${email} was answered with ${saved.status}`);
  }
  const [, value = ''] = /(?:^|, ?)refresh_token=([^;]+)/.exec(answer.headers.getSetCookie().join(', ')) ?? [];
  await context.addCookies([
    { name: 'refresh_token', value, domain: 'localhost', path: '/auth', httpOnly: true, sameSite: 'Strict' },
  ]);
}
