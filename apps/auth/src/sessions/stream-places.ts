export interface StreamPlacesOptions {
  readonly perAddress: number;
  readonly inAll: number;
}

interface Place {
  readonly address: string;
  readonly network: string;
  readonly letGo: () => void;
}

/**
 * Who may hold a stream open. Past `inAll` the oldest stream of the network that holds the most makes room: whoever takes
 * all places takes them from themselves, and a verifier that comes back is always let in.
 */
export function createStreamPlaces({ perAddress, inAll }: StreamPlacesOptions) {
  const places = new Set<Place>();

  function makeRoom(): void {
    const counts = new Map<string, number>();
    for (const { network } of places) counts.set(network, (counts.get(network) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const place of places) {
      if (counts.get(place.network) !== most) continue;
      places.delete(place);
      place.letGo();
      return;
    }
  }

  return {
    get size() {
      return places.size;
    },

    /** Undefined when this address holds as many as it may; else how to give the place back. */
    take(address: string, letGo: () => void): (() => void) | undefined {
      const held = [...places].filter((place) => place.address === address).length;
      if (held >= perAddress) return undefined;
      if (places.size >= inAll) makeRoom();
      const place = { address, network: networkOf(address), letGo };
      places.add(place);
      return () => places.delete(place);
    },

    letAllGo(): void {
      for (const { letGo } of places) letGo();
    },
  };
}

/** An IPv6 address is counted by its /64; who rents one machine is often given a whole /48 of them. */
function networkOf(address: string): string {
  return address.endsWith('::/64') ? `${address.split(':').slice(0, 3).join(':')}::/48` : address;
}
