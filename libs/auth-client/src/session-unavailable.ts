/**
 * The access token had to be renewed and auth could not be reached. The person is still signed in, the request was not
 * carried out, and trying again later may work.
 */
export class SessionUnavailable extends Error {
  override readonly name = 'SessionUnavailable';

  constructor() {
    super('The session could not be renewed: the sign-in service does not answer');
  }
}
