import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { Landing } from '../components/landing/landing.tsx';
import { signedInHintCookie } from '../lib/signed-in-hint.ts';

/** Whoever signed in here before goes straight on; /plans sends back to sign-in where the session is over. */
export default async function StartPage() {
  if ((await cookies()).has(signedInHintCookie)) redirect('/plans');
  return <Landing />;
}
