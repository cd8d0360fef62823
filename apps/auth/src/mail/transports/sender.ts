/** The domain of `hello@example.com` or `Alva <hello@example.com>`. */
export function domainOf(sender: string): string {
  return sender.slice(sender.lastIndexOf('@') + 1).replace(/>$/, '');
}
