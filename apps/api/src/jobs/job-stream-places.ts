export interface StreamPlaces {
  /** False when this person holds as many as they may. */
  take(userId: string): boolean;
  giveBack(userId: string): void;
}

/** How many streams each person holds open at this copy of the api. */
export function createStreamPlaces(perPerson: number): StreamPlaces {
  const held = new Map<string, number>();
  return {
    take(userId) {
      const count = held.get(userId) ?? 0;
      if (count >= perPerson) return false;
      held.set(userId, count + 1);
      return true;
    },
    giveBack(userId) {
      const count = held.get(userId) ?? 0;
      if (count > 1) held.set(userId, count - 1);
      else held.delete(userId);
    },
  };
}
