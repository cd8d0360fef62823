export { readEventStream, type ReceivedEvent } from './event-stream.ts';
export {
  breaksOffAfter,
  createFakeModel,
  hangsAfter,
  refuses,
  streams,
  type Behaviour,
  type FakeModel,
} from './fake-model.ts';
export { openLoadBalancer, type LoadBalancer } from './load-balancer.ts';
export { openMailCatcher, type CaughtMail, type MailCatcher } from './mail-catcher.ts';
export { metricsOfProcess, metricsOnPage } from './metrics-page.ts';
export { openIdIssuer, type IssuerAccount, type OpenIdIssuer } from './open-id-issuer.ts';
export { startPrivateServer, type PrivateServer } from './private-server.ts';
export { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { replays } from './recorded-answer.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { createTestRedis, type TestRedis } from './test-redis.ts';
export { createTokenIssuer, type TokenIssuer } from './token-issuer.ts';
