/** The documents of a café, as its owner might keep them: German and English, short and long. */
export const shelf: Record<string, string> = {
  'price-list_2026.md': `# Prices
## Coffee
Espresso costs 2.40 €, cappuccino 3.20 €. Filter coffee is refilled for one euro.
## Catering
We cater for offices from ten people on. A breakfast platter for ten people costs 85 €. Delivery within the city is free,
beyond it we charge 15 €. Orders must reach us two days before.`,
  'Öffnungszeiten.md': `# Öffnungszeiten
Wir öffnen montags bis freitags um sieben Uhr und schließen um achtzehn Uhr. Am Wochenende ist von neun bis sechzehn Uhr geöffnet.
An Feiertagen bleibt das Café geschlossen. Zwischen Weihnachten und Neujahr machen wir Betriebsferien.`,
  'brand-guidelines.md': `# Brand guidelines
## Voice
We write as we speak at the counter: warm, short, never loud. We never use exclamation marks and we never say "delicious".
## Colours
The main colour is sunrise orange, #F28C28. The second one is coffee brown. The logo always stands on white.`,
  'Allergene.md': `# Allergene und Zutaten
Unser Sauerteigbrot enthält Weizen und Roggen. Die Franzbrötchen enthalten Milch, Butter und Eier. Für Menschen mit Nussallergie:
In unserer Backstube werden Haselnüsse verarbeitet. Veganes Gebäck backen wir täglich.`,
  'newsletter-2025.md': `# How the newsletter did
The newsletter went to 1,240 people. On average 41 percent opened it, and 6 percent clicked. The letter about sourdough bread
was opened most often. We lost nineteen subscribers in the year. Sending on Thursday mornings worked best.`,
  'Lieferanten.md': `# Lieferanten
Den Kaffee liefert die Rösterei Nordwind aus Husum, fair gehandelt. Milch kommt vom Hof Petersen. Die Verträge laufen bis Ende 2027
und können drei Monate vorher gekündigt werden.`,
  'customer-survey.md': `# Customer survey
We asked 200 guests. Most come because of the bread, and stay for the quiet. What they miss: oat milk without a surcharge, more
sockets, and a table for groups. Two thirds would order online if they could.`,
  'Mietvertrag.md': `# Mietvertrag
Die monatliche Miete beträgt 2.150 Euro und ist bis zum dritten Werktag zu zahlen. Untervermietung ist nicht gestattet. Die Kaution
beträgt drei Monatsmieten.`,
  'staff-handbook.md': `# Staff handbook
## Sick leave
Whoever falls ill calls before six in the morning. A doctor's note is needed from the third day on.
## Holidays
Everybody has 28 days of holiday a year. Plans for the summer are made in March.
## Till
The till is counted by two people every evening.`,
};

/** What somebody might ask, and the document that has the answer. */
export const questions: readonly (readonly [question: string, document: string])[] = [
  ['What does a breakfast platter cost?', 'price-list_2026.md'],
  ['prices', 'price-list_2026.md'],
  ['How much do we charge for deliveries outside the city?', 'price-list_2026.md'],
  ['cappuccino price list', 'price-list_2026.md'],
  ['Wann habt ihr am Wochenende offen?', 'Öffnungszeiten.md'],
  ['Öffnungszeiten an Feiertagen', 'Öffnungszeiten.md'],
  ['Betriebsferien Weihnachten', 'Öffnungszeiten.md'],
  ['Which colours does our logo have?', 'brand-guidelines.md'],
  ['May I use exclamation marks?', 'brand-guidelines.md'],
  ['tone of voice', 'brand-guidelines.md'],
  ['Sind Nüsse im Brot?', 'Allergene.md'],
  ['vegane Gebäcke', 'Allergene.md'],
  ['Nussallergien', 'Allergene.md'],
  ['How many people open our newsletters?', 'newsletter-2025.md'],
  ['best day for sending the newsletter', 'newsletter-2025.md'],
  ['Wer liefert unseren Kaffee?', 'Lieferanten.md'],
  ['Kündigung der Verträge mit Lieferanten', 'Lieferanten.md'],
  ['Rosterei Nordwind', 'Lieferanten.md'],
  ['what do guests miss', 'customer-survey.md'],
  ['Would customers order online?', 'customer-survey.md'],
  ['Wie hoch ist die Miete?', 'Mietvertrag.md'],
  ['Kaution', 'Mietvertrag.md'],
  ['I am ill, when do I have to call?', 'staff-handbook.md'],
  ['how many days of holiday does everybody have', 'staff-handbook.md'],
  ['Who counts the till?', 'staff-handbook.md'],
  ['cafe Feiertag', 'Öffnungszeiten.md'],
];
