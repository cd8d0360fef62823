import type { ClientProfile } from '@alva/validation';

/** Whether one of the goals speaks of something. */
export function wants(profile: ClientProfile, words: RegExp): boolean {
  return profile.goals.some((goal) => words.test(goal));
}

export const themes = {
  customers: /custom|client|lead|sale|sell|order|book|fill|revenue|grow|enquir|inquir|appointment|guest/i,
  loyalty: /loyal|return|repeat|retain|retention|regular|again|keep|newsletter|subscri|member/i,
  awareness: /aware|known|brand|follow|reach|audience|visib|reputation|community/i,
  found: /google|search|found|find|traffic|visitor|seo|rank|website/i,
  trust: /trust|expert|authority|educat|explain|credib|content/i,
} satisfies Record<string, RegExp>;
