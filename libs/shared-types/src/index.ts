export { auditEvents, type AuditEvent } from './audit.ts';
export { channelNames, channels, sectionChannels, type Channel, type SectionChannel } from './channels.ts';
export {
  chatMessageStatuses,
  chatRoles,
  chatTones,
  type ChatMessageStatus,
  type ChatRole,
  type ChatTone,
} from './chat.ts';
export {
  documentMediaTypes,
  documentStatuses,
  textLanguages,
  type DocumentMediaType,
  type DocumentStatus,
  type TextLanguage,
} from './documents.ts';
export { jobEventTypes, jobStates, terminalJobStates, type JobEventType, type JobState } from './jobs.ts';
export { mailStates, type MailState } from './mails.ts';
export { oneTimeTokenPurposes, type OneTimeTokenPurpose } from './one-time-tokens.ts';
export { planStatuses, taskSorts, taskStatuses, type PlanStatus, type TaskSort, type TaskStatus } from './plans.ts';
export { problems, type Problem, type ProblemCode } from './problems.ts';
export { providerNames, type ProviderName } from './providers.ts';
export { roles, type Role } from './roles.ts';
export {
  authenticationMethods,
  sessionEndReasons,
  type AuthenticationMethod,
  type SessionEndReason,
} from './sessions.ts';
export { topics } from './topics.ts';
