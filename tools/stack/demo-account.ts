import { eq, newIdentifier, openDatabase, profiles, users } from '@alva/database';
import type { ClientProfile } from '@alva/validation';

export const demoEmail = 'demo@alva.local';

const demoProfile: ClientProfile = {
  businessName: 'Café Morgenrot',
  industry: 'Café and bakery',
  description: 'Neighbourhood café with its own bakery: breakfast, lunch and sourdough bread, six days a week.',
  audience: 'People who live or work within fifteen minutes on foot, families at weekends.',
  goals: ['Fill the tables on weekday mornings', 'Sell more bread by pre-order'],
  channels: ['social', 'email', 'seo'],
  monthlyBudget: { amount: 600, currency: 'EUR' },
  region: 'Leipzig',
  experience: 'some',
};

/** An account with a filled-in questionnaire, so that the first plan is one click away. What is there already stays as it is. */
export async function seedDemoAccount(url: string): Promise<void> {
  const auth = openDatabase({ url, role: 'alva_auth', name: 'alva-seed', maximumConnections: 1 });
  const app = openDatabase({ url, role: 'alva_app', name: 'alva-seed', maximumConnections: 1 });
  try {
    const account = { id: newIdentifier(), email: demoEmail, name: 'Demo', emailVerifiedAt: new Date() };
    await auth.db.insert(users).values(account).onConflictDoNothing();
    const [user] = await auth.db.select({ id: users.id }).from(users).where(eq(users.email, demoEmail));
    if (user) await app.db.insert(profiles).values({ userId: user.id, profile: demoProfile }).onConflictDoNothing();
  } finally {
    await Promise.all([auth.close(), app.close()]);
  }
}
