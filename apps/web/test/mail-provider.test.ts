import t from 'tap';
import { mailProvider } from '../components/sign-in/mail-provider.ts';

void t.test('the inbox of a well-known provider is one click away, and nobody else’s is guessed', async (t) => {
  t.equal(mailProvider('anna@googlemail.com')?.name, 'Gmail');
  t.equal(mailProvider('anna@hotmail.co.uk')?.name, 'Outlook');
  t.equal(mailProvider('anna@pm.me')?.name, 'Proton Mail');
  for (const stranger of ['anna@gmail.com.evil.example', 'anna@notgmail.com', 'gmail.com@example.com'])
    t.equal(mailProvider(stranger), undefined, stranger);
});
