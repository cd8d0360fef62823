/** Where the inbox of well-known providers is read, narrowed to our mail where the provider can. */
const providers: { name: string; domains: RegExp; url: string }[] = [
  {
    name: 'Gmail',
    domains: /^(gmail|googlemail)\.com$/,
    url: 'https://mail.google.com/mail/u/0/#search/newer_than%3A1d+alva',
  },
  { name: 'Outlook', domains: /^(outlook|hotmail|live|msn)\.[a-z.]+$/, url: 'https://outlook.live.com/mail/0/' },
  { name: 'Yahoo Mail', domains: /^(yahoo|ymail)\.[a-z.]+$/, url: 'https://mail.yahoo.com/' },
  { name: 'iCloud Mail', domains: /^(icloud|me|mac)\.com$/, url: 'https://www.icloud.com/mail/' },
  { name: 'Proton Mail', domains: /^(proton\.me|protonmail\.com|pm\.me)$/, url: 'https://mail.proton.me/' },
  { name: 'Fastmail', domains: /^fastmail\.(com|fm)$/, url: 'https://app.fastmail.com/' },
  { name: 'GMX', domains: /^gmx\.(de|net|at|ch)$/, url: 'https://www.gmx.net/' },
];

export function mailProvider(email: string): { name: string; url: string } | undefined {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return providers.find(({ domains }) => domains.test(domain));
}
