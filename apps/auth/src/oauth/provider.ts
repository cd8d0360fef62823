import { type ProviderName } from '@alva/shared-types';

/** Fresh for every attempt; none of them is stored. */
export interface AttemptSecrets {
  readonly state: string;
  /** Comes back inside the ID token (OpenID Connect Core, section 3.1.2.1). */
  readonly nonce: string;
  /** Of PKCE (RFC 7636): its S256 goes out first, itself only with the code. */
  readonly verifier: string;
}

/** Who somebody is at a provider, once everything the provider said has been checked. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** In its canonical spelling, and only where the provider says that it was verified: boolean true, nothing like it. */
  readonly email: string | null;
  readonly name: string | null;
}

export interface Provider {
  readonly name: ProviderName;
  readonly label: string;
  /** How the browser brings the answer: in the query of a GET, or as a form that the provider's page posts. */
  readonly answersBy: 'query' | 'form_post';
  /** Whether an address that it calls verified shows who owns an account here; otherwise only known identities get in. */
  readonly isBelievedOnAddresses: boolean;
  /** Where to send the browser. Throws `ProviderDown`. */
  begin(secrets: AttemptSecrets): Promise<URL>;
  /** Who came back with this answer. Throws `ProviderDown`, or an error of openid-client when anything is wrong with it. */
  finish(answer: URLSearchParams, secrets: AttemptSecrets): Promise<ProvenIdentity>;
}

/** The providers of this installation, in the order in which they are offered. */
export type Providers = ReadonlyMap<string, Provider>;
