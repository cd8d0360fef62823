import { accountDeletedEmail, deletionAskedEmail } from '../accounts/deletion.email.ts';
import { allowEmailChangeEmail, confirmEmailEmail, emailTakenEmail } from '../accounts/email-change.email.ts';
import {
  emailChangedEmail,
  emailChangeUndoneEmail,
  movedAwayEmail,
  movedHereEmail,
} from '../accounts/email-changed.email.ts';
import { exportReadyEmail } from '../accounts/export.email.ts';
import { providerConnectedEmail, providerDisconnectedEmail } from '../oauth/provider.email.ts';
import { passwordChangedEmail } from '../passwords/password-changed.email.ts';
import { noAccountEmail, passwordResetEmail } from '../passwords/password-reset.email.ts';
import { verifyEmailEmail } from '../passwords/verify-email.email.ts';
import {
  codesGuessedEmail,
  recoveryCodesMadeEmail,
  recoveryCodeUsedEmail,
  secondFactorOffEmail,
  secondFactorOnEmail,
  secondFactorResetEmail,
  waysInRemovedEmail,
} from '../mfa/second-factor.email.ts';
import { passkeyAddedEmail, passkeyRemovedEmail } from '../passkeys/passkey.email.ts';
import { reuseAlarmEmail } from '../sessions/reuse-alarm.email.ts';
import { newDeviceEmail } from '../sign-in/new-device.email.ts';
import { signInEmail } from '../sign-in/sign-in.email.ts';
import { stepUpEmail } from '../step-up/step-up.email.ts';
import { type Mail } from './mail.ts';

const to = 'ada@example.com';
const newEmail = 'ada.lovelace@example.org';
const web = 'https://alva.example.com';
const device = 'Firefox on Linux';
/** As long as a real one, because that is what has to fit. */
const token = 'sampleABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abc';

const security = { to, device: 'Firefox on Linux', securityUrl: `${web}/settings/security` };

/** One of each letter, for `/dev/mails`; tests look at all of them. The name is its address there. */
export const samples: Readonly<Record<string, Mail>> = {
  'sign-in': signInEmail({
    to,
    link: `${web}/sign-in/verify#token=${token}`,
    code: 'K7M4QX',
    lifetimeMinutes: 15,
    device,
    country: 'DE',
  }),
  'verify-email': verifyEmailEmail({ to, link: `${web}/sign-in/confirm#token=${token}`, lifetimeMinutes: 15, device }),
  'password-reset': passwordResetEmail({
    to,
    link: `${web}/sign-in/reset#token=${token}`,
    lifetimeMinutes: 60,
    device,
  }),
  'password-reset-unknown': noAccountEmail({ to, signInUrl: `${web}/sign-in`, device }),
  'password-changed': passwordChangedEmail({ to, byLink: true, device, forgotUrl: `${web}/sign-in/forgot` }),
  'new-device': newDeviceEmail({
    to,
    device: 'Chrome on Android',
    country: 'NL',
    at: new Date('2030-05-06T07:08:09Z'),
    sessionsUrl: `${web}/settings/sessions`,
  }),
  'provider-connected': providerConnectedEmail({ to, label: 'Google', settingsUrl: `${web}/settings/security` }),
  'provider-disconnected': providerDisconnectedEmail({ ...security, label: 'Google' }),
  'step-up': stepUpEmail({ to, code: 'K7M4QX', lifetimeMinutes: 10, device: 'Firefox on Linux' }),
  'second-factor-on': secondFactorOnEmail(security),
  'second-factor-off': secondFactorOffEmail(security),
  'second-factor-reset': secondFactorResetEmail({ to, signInUrl: `${web}/sign-in` }),
  'ways-in-removed': waysInRemovedEmail({ to }),
  'recovery-codes-made': recoveryCodesMadeEmail(security),
  'codes-guessed': codesGuessedEmail({ ...security, at: 'sign-in' }),
  'recovery-code-used': recoveryCodeUsedEmail({ ...security, left: 9 }),
  'passkey-added': passkeyAddedEmail({ ...security, name: 'iCloud Keychain' }),
  'passkey-removed': passkeyRemovedEmail({ ...security, name: 'iCloud Keychain' }),
  'reuse-alarm': reuseAlarmEmail({ to, signInUrl: `${web}/sign-in` }),
  'email-change-old': allowEmailChangeEmail({ to, newEmail, link: `${web}/account/confirm-email#token=${token}` }),
  'email-change-new': confirmEmailEmail({ to: newEmail, link: `${web}/account/confirm-email#token=${token}` }),
  'email-change-taken': emailTakenEmail({ to: newEmail, signInUrl: `${web}/sign-in` }),
  'email-changed': emailChangedEmail({ to, newEmail, days: 3, link: `${web}/account/restore-email#token=${token}` }),
  'email-change-undone': emailChangeUndoneEmail({ to: newEmail }),
  'moved-away': movedAwayEmail({ to }),
  'moved-here': movedHereEmail({ to: newEmail }),
  'export-ready': exportReadyEmail({ to, link: `${web}/settings/account` }),
  'deletion-asked': deletionAskedEmail({
    to,
    dueAt: new Date('2030-05-06T07:08:09Z'),
    link: `${web}/account/keep#token=${token}`,
  }),
  'account-deleted': accountDeletedEmail({ to }),
};
